import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { expandSources } from '../../src/bundle/expand-sources.ts'
import type { Source } from '../../src/base/source.ts'
import type { Report } from '../../src/index.ts'
import { analyzePaths } from '../../src/node/index.ts'
import type { Entry } from '../bundle/write-archives.ts'
import { tar } from '../bundle/write-archives.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubepki-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fixture = (name: string): string => fileURLToPath(new URL(`../bundle/fixtures/${name}`, import.meta.url))

/** What a person would do: unpack it beside. Files that are not read are left away. */
const unpack = async (name: string): Promise<string> => {
  const to = join(folder, name, 'unpacked')
  for await (const { name: file, text } of expandSources({ name: 'b', text: new Uint8Array(readFileSync(fixture(name))) }).sources) {
    const path = join(to, file.slice(2))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text as Extract<Source['text'], Uint8Array>)
  }
  return to
}

const findings = (report: Report): unknown =>
  report.diagnostics
    .filter(({ subject }) => subject.kind !== 'Source')
    .map(({ rule, severity, subject }) => `${severity} ${rule} ${subject.kind}/${subject.namespace ?? ''}/${subject.name}`)
    .sort()

describe('nothing in what was given', () => {
  const codes = (report: Report): unknown =>
    report.diagnostics.map(({ severity, subject, evidence }) => [severity, subject.name, evidence[0]?.text])

  it('a folder without a file is told', async () => {
    const path = join(folder, 'void')
    mkdirSync(join(path, 'inner'), { recursive: true })
    expect(codes(await analyzePaths([path]))).toEqual([['error', 'void', 'empty']])
  })

  it('a list without entries is told where nothing else was found, and is an answer beside others', async () => {
    const path = join(folder, 'lists')
    mkdirSync(path, { recursive: true })
    const [none, some] = [join(path, 'none.yaml'), join(path, 'some.json')]
    writeFileSync(none, 'apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n')
    writeFileSync(some, '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a","namespace":"b"},"type":"Opaque"}')
    expect(codes(await analyzePaths([none]))).toEqual([['warning', none, 'empty-list']])
    expect(codes(await analyzePaths([none, some]))).toEqual([])
  })
})

describe('what an archive has and was left out', () => {
  it.each<[string, Entry]>([
    ['names lead out of it', { name: '../s.yaml', text: 'x' }],
    ['tar --dereference', { name: 's.yaml', type: '2', linkName: '/dumps/s.yaml' }],
  ])('is told (%s), and nothing is called missing', async (sentence, entry) => {
    const path = join(folder, 'left-out.tar')
    const object = (version: string, kind: string, rest: object): object => ({
      apiVersion: version,
      kind,
      metadata: { name: 'a', namespace: 'b', creationTimestamp: '2026-01-01T00:00:00Z' },
      ...rest,
    })
    const items = [
      object('cert-manager.io/v1', 'Issuer', { spec: { selfSigned: {} }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }),
      object('cert-manager.io/v1', 'Certificate', { spec: { secretName: 'a-tls', issuerRef: { name: 'a' } } }),
      object('v1', 'Secret', { type: 'Opaque', data: {} }),
    ]
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
    const missing = async (entries: readonly Entry[]): Promise<{ readonly missing: number; readonly text: string }> => {
      writeFileSync(path, tar([{ name: 'a.json', text }, ...entries]))
      const { diagnostics } = await analyzePaths([path], { at: '2026-11-24T05:10:00Z' })
      return { missing: diagnostics.filter(({ rule }) => rule === 'secret-missing').length, text: JSON.stringify(diagnostics) }
    }
    expect((await missing([])).missing).toBe(1)
    const told = await missing([entry])
    expect(told.missing).toBe(0)
    expect(told.text).toContain(sentence)
  })
})

describe('analyzePaths', () => {
  it.each([
    ['apiconnect-logs-20261124T050712UTC.zip', { issuers: 3, certificates: 11, secrets: 11, certificateRequests: 0 }],
    ['must-gather.local.tar.gz', { issuers: 6, certificates: 20, secrets: 22, certificateRequests: 20 }],
    ['backup.tar.gz', { issuers: 3, certificates: 11, secrets: 14, certificateRequests: 11 }],
  ])('says the same of %s and of its files in a folder', async (name, counts) => {
    const at = '2026-11-24T05:10:00Z'
    const archive = await analyzePaths([fixture(name)], { at })
    const unpacked = await analyzePaths([await unpack(name)], { at })
    expect(archive.counts).toMatchObject(counts)
    expect(unpacked.counts).toEqual(archive.counts)
    expect(findings(unpacked)).toEqual(findings(archive))
    expect(findings(archive)).toContainEqual(expect.stringContaining('error ca-rekeyed'))
    expect(unpacked.bundles.map(({ collector, leavesOut }) => [collector, leavesOut])).toEqual(
      archive.bundles.map(({ collector, leavesOut }) => [collector, leavesOut]),
    )
  })

  it('looks from the instant of collection where nobody says another', async () => {
    const report = await analyzePaths([fixture('apiconnect-logs-20261124T050712UTC.zip')])
    expect(report.at).toBe('2026-11-24T05:07:12Z')
  })

  it('stops when the caller says so', async () => {
    await expect(
      analyzePaths([fixture('backup.tar.gz')], { at: '2026-11-24T05:10:00Z', signal: AbortSignal.abort(new Error('stop')) }),
    ).rejects.toThrow('stop')
  })
})
