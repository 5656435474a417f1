import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Source } from '../../src/base/source.ts'
import type { BundleLimits } from '../../src/bundle/bundle.ts'
import { expandSources } from '../../src/bundle/expand-sources.ts'
import type { ExpandedSources } from '../../src/bundle/expand-sources.ts'
import type { Entry, ZipOptions } from './write-archives.ts'
import { bytesOf, concat, pieces, tar, tarHeader, tgz, zip } from './write-archives.ts'

const decoder = new TextDecoder()

const textOf = async (source: Source): Promise<string> => {
  if (typeof source.text === 'string') return source.text
  if (source.text instanceof Uint8Array) return decoder.decode(source.text)
  const parts: Uint8Array[] = []
  for await (const part of source.text) parts.push(part.slice())
  return decoder.decode(concat(...parts))
}

interface Read {
  readonly files: Record<string, string>
  readonly facts: ReturnType<ExpandedSources['facts']>
}

const read = async (sources: Source | readonly Source[], limits: Partial<BundleLimits> = {}): Promise<Read> => {
  const expanded = expandSources(sources, limits)
  const files: Record<string, string> = {}
  for await (const source of expanded.sources) files[source.name] = await textOf(source)
  return { files, facts: expanded.facts() }
}

const codes = ({ facts }: Read): string[] => facts.problems.map((problem) => problem.code)

const FILES: readonly Entry[] = [
  { name: 'a.yaml', text: 'kind: Secret\n' },
  { name: 'folder/', type: '5' },
  { name: 'folder/b.json', text: '{}' },
  { name: 'folder/empty.yaml', text: '' },
]
const READ = { 'x/a.yaml': 'kind: Secret\n', 'x/folder/b.json': '{}', 'x/folder/empty.yaml': '' }

const ZIPS: readonly [string, ZipOptions][] = [
  ['deflated', {}],
  ['stored', { stored: true }],
  ['with descriptors', { descriptor: 'signed' }],
  ['with bare descriptors', { descriptor: 'bare' }],
  ['stored with descriptors', { descriptor: 'signed', stored: true }],
  ['zip64', { zip64: true }],
]

const ARCHIVES: readonly [string, Uint8Array][] = [
  ['tar', tar(FILES)],
  ['tar.gz', tgz(FILES)],
  ['tar.gz in gz', new Uint8Array(gzipSync(tgz(FILES)))],
  ...ZIPS.map(([name, options]): [string, Uint8Array] => [`zip, ${name}`, zip(FILES, options)]),
]

describe('archives', () => {
  it.each(ARCHIVES)('%s as bytes and as a stream', async (_name, bytes) => {
    for (const text of [bytes, pieces(bytes, 1), pieces(bytes, 100_000)]) {
      const result = await read({ name: 'x', text })
      expect(result.files).toEqual(READ)
      expect(result.facts.problems).toEqual([])
      expect(result.facts.bundles).toMatchObject([{ name: 'x', collector: 'files', members: 3 }])
    }
  })

  it('of any members come back as they were', async () => {
    const part = fc.stringMatching(/^[a-z0-9.ü]{1,80}$/).filter((text) => text !== '.' && text !== '..')
    const entry = fc.record({
      name: fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `${parts.join('/')}.yaml`),
      text: fc.oneof(
        fc.string(),
        fc.uint8Array({ max: 127, maxLength: 3000 }).map((bytes) => decoder.decode(bytes)),
        fc.constant('PK\u0003\u0004x'),
      ),
    })
    const entries = fc.uniqueArray(entry, { selector: ({ name }) => name, maxLength: 6 })
    const archive = fc.constantFrom(
      (list: readonly Entry[]) => tar(list, 'gnu'),
      (list: readonly Entry[]) => tar(list, 'pax'),
      (list: readonly Entry[]) => tgz(list),
      ...ZIPS.map(
        ([, options]) =>
          (list: readonly Entry[]) =>
            zip(list, options),
      ),
    )
    await fc.assert(
      fc.asyncProperty(entries, archive, fc.boolean(), fc.integer({ min: 1, max: 5000 }), async (list, write, streamed, size) => {
        // What begins like an archive is opened as one; here the members are texts.
        const texts = list.filter(({ text }) => !text.startsWith('PK'))
        if (texts.length === 0) return
        const bytes = write(texts)
        const result = await read({ name: 'x', text: streamed ? pieces(bytes, size) : bytes })
        expect(result.facts.problems).toEqual([])
        expect(result.files).toEqual(Object.fromEntries(texts.map(({ name, text }) => [`x/${name}`, text])))
      }),
      { numRuns: 150 },
    )
  })

  it('pass over what is no archive, as it is', async () => {
    const source = { name: 'dump.yaml', text: 'kind: Secret\n' }
    expect((await read([source, { name: 'b', text: bytesOf('x: 1') }, { name: 'c', text: pieces(bytesOf('y: 2')) }])).files).toEqual({
      'dump.yaml': 'kind: Secret\n',
      b: 'x: 1',
      c: 'y: 2',
    })
  })

  it('under gzip are a source as any other where one text is in them', async () => {
    const result = await read({ name: 'pki.yaml.gz', text: new Uint8Array(gzipSync('kind: Secret')) })
    expect(result.files).toEqual({ 'pki.yaml.gz': 'kind: Secret' })
    expect(result.facts.bundles).toEqual([])
  })

  it('of several gzip members are one text', async () => {
    const result = await read({ name: 'a.gz', text: concat(new Uint8Array(gzipSync('a: 1\n')), new Uint8Array(gzipSync('b: 2\n'))) })
    expect(result.files).toEqual({ 'a.gz': 'a: 1\nb: 2\n' })
  })

  it('inside of archives are opened, to a depth', async () => {
    const inner = tgz([{ name: 'deep.yaml', text: 'a' }])
    const result = await read({
      name: 'x.zip',
      text: zip([
        { name: 'crunchy.tar.gz', text: inner },
        { name: 'nodes/n.zip', text: zip(FILES) },
      ]),
    })
    expect(Object.keys(result.files)).toEqual([
      'x.zip/crunchy.tar.gz/deep.yaml',
      'x.zip/nodes/n.zip/a.yaml',
      'x.zip/nodes/n.zip/folder/b.json',
      'x.zip/nodes/n.zip/folder/empty.yaml',
    ])
    const nested = [1, 2, 3, 4].reduce((bytes) => zip([{ name: 'n.zip', text: bytes }]), zip(FILES))
    expect(codes(await read({ name: 'x', text: nested }))).toEqual(['archive-too-deep'])
  })

  it('are told by their bytes, whatever they are called', async () => {
    expect((await read({ name: 'notes.txt', text: tgz(FILES) })).facts.bundles).toHaveLength(1)
  })

  it.each([
    ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4]],
    ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
    ['zstd', [0x28, 0xb5, 0x2f, 0xfd, 0]],
    ['bzip2', [0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]],
  ])('of the format %s are named as such', async (format, magic) => {
    const result = await read({ name: 'b.tar', text: Uint8Array.from(magic) })
    expect(result.files).toEqual({})
    expect(result.facts.problems).toEqual([{ code: 'archive-unsupported', source: 'b.tar', detail: format }])
  })
})

describe('hostile archives', () => {
  it.each<[string, Uint8Array]>([
    [
      'tar',
      tar([
        { name: '../../etc/a.yaml', text: 'x' },
        { name: 'ok.yaml', text: 'y' },
        { name: 'a/../../b.yaml', text: 'z' },
      ]),
    ],
    [
      'zip',
      zip([
        { name: '..\\a.yaml', text: 'x' },
        { name: 'ok.yaml', text: 'y' },
        { name: 'a/../../b.yaml', text: 'z' },
      ]),
    ],
  ])('cannot lead out of a %s', async (_name, text) => {
    const result = await read({ name: 'x', text })
    expect(result.files).toEqual({ 'x/ok.yaml': 'y' })
    // Told once, and what was left out is not taken for absent.
    expect(codes(result)).toEqual(['archive-unsafe'])
    expect(result.facts.truncated).toBe(true)
  })

  it('with unsafe names of files that nobody reads are not told', async () => {
    const names = ['../pods/logs/a.log', '../../ca.key', '..\\x.html']
    const result = await read({ name: 'x', text: tar([...names.map((name) => ({ name, text: 'x' })), { name: 'a.yaml', text: 'y' }]) })
    expect(result).toMatchObject({ files: { 'x/a.yaml': 'y' }, facts: { problems: [], truncated: false } })
  })

  it('with names longer than any path are told, however long', async () => {
    const name = `${'secrets-errors/'.repeat(60_000)}a.yaml`
    expect((await read({ name: 'x', text: tar([{ name: `${name}.log`, text: 'x' }]) })).facts.problems).toEqual([])
    const [problem] = (await read({ name: 'x', text: tar([{ name: name.replaceAll('-', '_'), text: 'x' }]) })).facts.problems
    expect(problem?.code).toBe('archive-unsafe')
    expect(problem?.detail?.length).toBe(200)
  })

  it('have absolute names and drives taken off', async () => {
    const result = await read({
      name: 'x',
      text: tar([
        { name: '/etc/./a.yaml', text: '1' },
        { name: 'C:\\dump\\b.yaml', text: '2' },
      ]),
    })
    expect(result.files).toEqual({ 'x/etc/a.yaml': '1', 'x/dump/b.yaml': '2' })
  })

  it.each<[string, Uint8Array]>([
    [
      'tar',
      tar([
        { name: 'l.yaml', type: '2', linkName: '/etc/passwd' },
        { name: 'h.yaml', type: '1', linkName: 'a' },
        { name: 'a', text: '1' },
      ]),
    ],
    [
      'zip',
      zip([
        { name: 'l.yaml', type: '2', text: '/etc/passwd' },
        { name: 'h.yaml', type: '2', text: 'a' },
        { name: 'a', text: '1' },
      ]),
    ],
  ])('have their links passed over, and those told that would be objects: %s', async (_name, text) => {
    const result = await read({ name: 'x', text })
    expect(result.files).toEqual({ 'x/a': '1' })
    expect(result.facts.problems).toEqual([{ code: 'archive-link', source: 'x', detail: 'l.yaml' }])
    expect(result.facts.truncated).toBe(true)
  })

  it.each([
    ['shop.json', false],
    ['../b/shop.json', false],
    ['./../../shop.json', false],
    ['../../../shop.json', true],
    ['..\\..\\..\\shop.json', true],
    ['a/../../../../shop.json', true],
    ['/srv/shop.json', true],
    ['C:\\shop.json', true],
  ])('lack nothing where a link leads to another member: %s', async (target, isTold) => {
    const link = { name: 'bundle/a/shop.yaml', type: '2' }
    for (const text of [tar([{ ...link, linkName: target }]), zip([{ ...link, text: target }])]) {
      const { facts } = await read({ name: 'x', text })
      expect([facts.problems.map(({ code }) => code), facts.truncated]).toEqual([isTold ? ['archive-link'] : [], isTold])
    }
  })

  it('with links that a bundle has are not told', async () => {
    const links = ['latest', 'namespaces/a/pods/p/c/c/logs/previous.log', 'sos_commands/date', 'pods/logs/x.yaml']
    const list = links.map((name) => ({ name, type: '2', linkName: 'a' }))
    const result = await read({ name: 'x', text: tar([...list, { name: 'a', text: '1' }, { name: 'b.yaml', type: '1', linkName: 'a' }]) })
    expect(result.facts).toMatchObject({ problems: [], truncated: false })
  })

  it.each(['gzip', 'zip'])('that unpack to far more than they are end with a problem: %s', async (format) => {
    const zeros = new Uint8Array(4 * 1024 * 1024)
    const text = format === 'zip' ? zip([{ name: 'a.yaml', text: zeros }]) : new Uint8Array(gzipSync(zeros))
    const result = await read({ name: 'x', text }, { ratioFrom: 1024 * 1024, ratio: 100 })
    expect(codes(result)).toEqual(['archive-too-large'])
    expect(result.facts.truncated).toBe(true)
    expect(Object.values(result.files).join('').length).toBeLessThan(2 * 1024 * 1024)
  })

  it('of too many members or bytes end with a problem', async () => {
    const many = tar(Array.from({ length: 20 }, (_, index) => ({ name: `${index}.yaml`, text: 'x' })))
    const result = await read({ name: 'x', text: many }, { members: 5 })
    expect(Object.keys(result.files)).toHaveLength(5)
    expect(codes(result)).toEqual(['archive-too-large'])
    expect(codes(await read({ name: 'x', text: many }, { bytes: 10 }))).toContain('archive-too-large')
  })

  it('with a password are told once', async () => {
    const result = await read({ name: 'x', text: zip(FILES, { encrypted: true }) })
    expect(result.files).toEqual({})
    expect(codes(result)).toEqual(['archive-encrypted'])
    expect(result.facts.bundles[0]?.members).toBe(3)
  })

  it('of other methods are told', async () => {
    const result = await read({ name: 'x', text: zip(FILES, { method: 93, stored: true }) })
    expect(result.facts.problems[0]).toEqual({ code: 'archive-unsupported', source: 'x', detail: 'zip method 93' })
  })

  it('with a wrong checksum are told by their member', async () => {
    const bytes = zip([{ name: 'a.yaml', text: `kind: Secret\n${'a: b\n'.repeat(500)}` }], { stored: true })
    const at = Buffer.from(bytes).indexOf('Secret')
    bytes[at] = 0x73
    const result = await read({ name: 'x', text: bytes })
    expect(result.facts.problems).toEqual([{ code: 'archive-corrupt', source: 'x/a.yaml', detail: 'checksum' }])
    // What its checksum denies is no evidence, neither of faults nor of absence.
    expect(result.files).toEqual({ 'x/a.yaml': '' })
    expect(result.facts.truncated).toBe(true)
  })

  it('with holes (GNU tar --sparse) are told, not read with their map', async () => {
    const list = [
      { name: 'x', type: 'x', text: '22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n' },
      { name: 'GNUSparseFile.1/a.yaml', text: `1\n0\n13\n${'\0'.repeat(505)}kind: Secret\n` },
      { name: 'b.yaml', text: 'kind: Secret\n' },
    ]
    const result = await read({ name: 'x', text: tar(list) })
    expect(result.files).toEqual({ 'x/b.yaml': 'kind: Secret\n' })
    expect(result.facts.problems).toEqual([{ code: 'archive-unsupported', source: 'x', detail: 'sparse tar entry' }])
  })

  it('with many global pax headers of many keys are read in linear time', async () => {
    let key = 0
    const records = (): string => Array.from({ length: 70 }, () => `9 ${(key++).toString(36).padStart(4, '0')}=\n`).join('')
    async function* text(): AsyncGenerator<Uint8Array> {
      for (let header = 0; header < 24_000; header++) {
        const data = bytesOf(records())
        yield await Promise.resolve(concat(tarHeader(bytesOf('g'), data.length, 'g'), data, new Uint8Array(1024 - data.length)))
      }
      yield tar([{ name: 'a.yaml', text: 'kind: Secret\n' }])
    }
    const result = await read({ name: 'x', text: text() })
    expect(result.files).toEqual({ 'x/a.yaml': 'kind: Secret\n' })
    expect(result.facts.problems).toEqual([])
  })

  it('have names and sizes of pax headers, the last global one where a member has none', async () => {
    const header = (type: string, text: string): Entry => ({ name: 'p', type, text })
    const list = [
      header('g', '15 path=a.yaml\n11 size=99\n'),
      header('g', '15 path=b.yaml\n14 comment=xx\n'),
      { name: 'short', text: '1' },
      header('x', '18 path=\u00fc\u00fc.yaml\n17 path2=no.yaml\n'),
      { name: 'short', text: '2' },
    ]
    expect((await read({ name: 'x', text: tar(list) })).files).toEqual({ 'x/b.yaml': '1', 'x/\u00fc\u00fc.yaml': '2' })
  })

  it('keep what is before the cut, and say so', async () => {
    const random = Array.from({ length: 4000 }, (_, index) => (index * 7919) % 10007).join(' ')
    const list = [
      { name: 'first.yaml', text: 'kind: Secret\n' },
      { name: 'second.yaml', text: random },
    ]
    for (const whole of [tar(list), tgz(list), zip(list), zip(list, { descriptor: 'signed' })]) {
      const cut = whole.subarray(0, Math.floor(whole.length * 0.7))
      for (const text of [cut, pieces(cut, 999)]) {
        const result = await read({ name: 'x', text })
        expect(result.files['x/first.yaml']).toBe('kind: Secret\n')
        expect(random.startsWith(result.files['x/second.yaml'] ?? '')).toBe(true)
        expect(new Set(codes(result))).toEqual(new Set(['archive-truncated']))
        expect(result.facts.truncated).toBe(true)
      }
    }
  })

  it('of any damage neither throw nor hang', async () => {
    const whole = fc.constantFrom(...ARCHIVES.map(([, bytes]) => bytes))
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(whole, damage, fc.nat(), fc.boolean(), async (bytes, changes, cut, streamed) => {
        const broken = bytes.slice(0, cut % 3 === 0 ? cut % (bytes.length + 1) : bytes.length)
        for (const [at, value] of changes) if (broken.length > 0) broken[at % broken.length] = value
        const result = await read({ name: 'x', text: streamed ? pieces(broken) : broken }, { bytes: 1_000_000 })
        for (const problem of result.facts.problems) expect(problem.code).toMatch(/^archive-/)
      }),
      { numRuns: 400 },
    )
  })

  it('of any bytes neither throw nor hang', async () => {
    const magic = fc.constantFrom([0x1f, 0x8b, 8, 0], [0x50, 0x4b, 3, 4], [0x50, 0x4b, 5, 6], [])
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 2000 }), async (head, tail) => {
        const text = concat(Uint8Array.from(head), tail)
        await read({ name: 'x', text })
        await read({ name: 'x', text: pieces(text, 7) })
      }),
    )
  })

  it('end when the caller says so', async () => {
    const controller = new AbortController()
    const expanded = expandSources({ name: 'x', text: tgz(FILES) }, {}, controller.signal)
    controller.abort(new Error('stop'))
    await expect(expanded.sources[Symbol.asyncIterator]().next()).rejects.toThrow('stop')
  })

  it('pass on the errors of a source that is a stream', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(tgz([{ name: 'a', text: 'x'.repeat(5000) }]).subarray(0, 40))
      throw new Error('disk')
    }
    await expect(read({ name: 'x', text: broken() })).rejects.toThrow('disk')
  })
})

describe('members', () => {
  it('that cannot hold anything are not read', async () => {
    const result = await read({
      name: 'x',
      text: tar([
        { name: 'namespaces/a/pods/logs/p.log', text: 'kind: Secret' },
        { name: 'etc/kubernetes/pki/ca.key', text: '-----BEGIN RSA PRIVATE KEY-----' },
        { name: 'etc/kubernetes/pki/ca.crt', text: '-----BEGIN CERTIFICATE-----' },
        { name: 'kubernetes/namespaces/a/configmaps/describe/cm.out', text: 'kind: Certificate' },
        { name: 'kubernetes/namespaces/a/secrets/describe/s.out', text: 'Name: s' },
      ]),
    })
    expect(Object.keys(result.files)).toEqual(['x/etc/kubernetes/pki/ca.crt', 'x/kubernetes/namespaces/a/secrets/describe/s.out'])
    expect(result.facts).toMatchObject({ problems: [], truncated: false })
  })

  it('say what they are part of; a large one passes as a stream', async () => {
    const expanded = expandSources(
      {
        name: 'x',
        text: tar([
          { name: 'big.yaml', text: 'y'.repeat(5000) },
          { name: 'small.yaml', text: 'z' },
        ]),
      },
      { keptMember: 1000 },
    )
    const kinds: unknown[] = []
    for await (const source of expanded.sources) {
      kinds.push([source.name, source.partOf, source.text instanceof Uint8Array])
      if (kinds.length === 1) expect((await textOf(source)).length).toBe(5000)
    }
    expect(kinds).toEqual([
      ['x/big.yaml', 'x', false],
      ['x/small.yaml', 'x', true],
    ])
  })

  it('that nobody reads are passed over', async () => {
    const expanded = expandSources(
      {
        name: 'x',
        text: pieces(
          zip(
            [
              { name: 'big.yaml', text: 'y'.repeat(50_000) },
              { name: 'b', text: 'z' },
            ],
            { descriptor: 'signed' },
          ),
        ),
      },
      { keptMember: 10 },
    )
    const names: string[] = []
    for await (const source of expanded.sources) names.push(source.name)
    expect(names).toEqual(['x/big.yaml', 'x/b'])
  })
})

describe('folders', () => {
  it('with what cannot be read tell it, unless nobody would read it', async () => {
    const unreadable = (name: string): Source => ({ name, text: '', partOf: 'case', unreadable: true })
    const dull = await read([unreadable('case/a.log'), unreadable('case/namespaces/a/pods/logs/')])
    expect(dull.facts).toMatchObject({ problems: [], truncated: false })
    const { files, facts } = await read([
      unreadable('case/a.yaml'),
      unreadable('case/b/'),
      { name: 'case/c.yaml', text: 'x', partOf: 'case' },
    ])
    expect(files).toEqual({ 'case/c.yaml': 'x' })
    expect(facts).toMatchObject({
      problems: [
        { code: 'not-readable', source: 'case/a.yaml' },
        { code: 'not-readable', source: 'case/b/' },
      ],
      truncated: true,
    })
  })

  it('are bundles, and archives in them are bundles of their own', async () => {
    const { files, facts } = await read([
      { name: 'case/namespaces/a/core/secrets.yaml', text: 'kind: SecretList', partOf: 'case' },
      { name: 'case/namespaces/a/pods/p/c/c/logs/current.log', text: 'x', partOf: 'case' },
      {
        name: 'case/apiconnect-logs-20261124T050712UTC.zip',
        text: zip([{ name: 'kubernetes/versions/postmortem.version', text: '44' }]),
        partOf: 'case',
      },
      { name: 'case/pki.yaml.gz', text: new Uint8Array(gzipSync('kind: Secret')), partOf: 'case' },
    ])
    expect(Object.keys(files)).toEqual([
      'case/namespaces/a/core/secrets.yaml',
      'case/apiconnect-logs-20261124T050712UTC.zip/kubernetes/versions/postmortem.version',
      'case/pki.yaml.gz',
    ])
    expect(facts.bundles).toMatchObject([
      { name: 'case', collector: 'oc-adm-inspect', members: 2 },
      {
        name: 'case/apiconnect-logs-20261124T050712UTC.zip',
        collector: 'api-connect-postmortem',
        collectedAt: Date.UTC(2026, 10, 24, 5, 7, 12),
      },
    ])
  })

  it('leave a kind out only where every bundle does, and nothing lies loose beside', async () => {
    const postmortem = {
      name: 'a.zip',
      text: zip([{ name: 'kubernetes/namespaces/a/certs/certs.out' }, { name: 'kubernetes/namespaces/a/secrets/yaml/b.yaml' }]),
    }
    const velero = { name: 'b.tgz', text: tgz([{ name: 'resources/secrets/namespaces/a/x.json', text: '{}' }]) }
    expect((await read([postmortem])).facts.notCollected).toEqual(['CertificateRequest', 'ClusterIssuer'])
    expect((await read([postmortem, velero])).facts.notCollected).toEqual([])
    expect((await read([postmortem, { name: 'issuers.yaml', text: 'kind: List' }])).facts.notCollected).toEqual([])
  })

  it('give files that can be read at any offset as a whole while there is room', async () => {
    const bytes = bytesOf('kind: Secret')
    const source = (name: string): Source => ({
      name,
      text: pieces(bytes),
      random: { size: bytes.length, read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)) },
    })
    const whole: boolean[] = []
    for await (const { text } of expandSources([source('a'), source('b')], { kept: 20 }).sources) whole.push(text instanceof Uint8Array)
    expect(whole).toEqual([true, false])
  })
})

interface Listing {
  readonly collector: string
  readonly collectedAt: string
  readonly leavesOut: readonly string[]
  readonly files: readonly string[]
}

describe('real bundles', () => {
  const folder = new URL('./fixtures/', import.meta.url)
  it.each(['apiconnect-logs-20261124T050712UTC.zip', 'must-gather.local.tar.gz', 'backup.tar.gz'])('%s', async (name) => {
    const bytes = new Uint8Array(readFileSync(new URL(name, folder)))
    const expected = JSON.parse(gunzipSync(readFileSync(new URL(`${name}.listing.json.gz`, folder))).toString('utf8')) as Listing
    for (const text of [bytes, pieces(bytes, 65_536)]) {
      const { files, facts } = await read({ name, text })
      const [bundle] = facts.bundles
      expect(facts.problems).toEqual([])
      expect(bundle).toMatchObject({ collector: expected.collector, leavesOut: expected.leavesOut })
      expect(bundle?.collectedAt === undefined ? '' : new Date(bundle.collectedAt).toISOString()).toBe(expected.collectedAt)
      expect(Object.keys(files).sort()).toEqual(expected.files.map((file) => `${name}/${file}`))
    }
  })

  const shared = new URL('../../../shared/dumps/bundles/', import.meta.url)
  it.skipIf(!existsSync(shared)).each([
    ['troubleshoot-mixed-selector/support-bundle.tar.gz', 'troubleshoot'],
    ['oc-inspect-mixed-ns/inspect.local.tar.gz', 'oc-adm-inspect'],
    ['postmortem-mixed-private-keys/apiconnect-logs-20261124T045345UTC.zip', 'api-connect-postmortem'],
  ])('beside the repository: %s', async (path, collector) => {
    const { facts } = await read({ name: path, text: new Uint8Array(readFileSync(new URL(path, shared))) })
    expect(facts.bundles).toMatchObject([{ collector }])
    expect(facts.problems).toEqual([])
  })
})
