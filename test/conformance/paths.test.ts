import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExceptions } from '../../scripts/conformance/exceptions.ts'
import type { LimboCase } from '../../scripts/conformance/limbo-case.ts'
import { printTallies, runPaths } from '../../scripts/conformance/paths.ts'
import type { IssuedCertificate } from '../../src/testing/certificate-builder.ts'
import { makeCa, makeLeaf } from '../x509/path-pki.ts'

const corpus = new URL('../../../shared/corpus/', import.meta.url)

describe('the runner', () => {
  let folder: string
  let root: IssuedCertificate
  let leaf: IssuedCertificate

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'))
    root = await makeCa('CN=root')
    leaf = await makeLeaf(root)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const caseOf = (id: string, changes: Partial<LimboCase> = {}): LimboCase => ({
    id,
    validation_kind: 'SERVER',
    trusted_certs: [root.pem],
    untrusted_intermediates: [],
    peer_certificate: leaf.pem,
    validation_time: '2026-06-01T00:00:00Z',
    expected_result: 'SUCCESS',
    expected_peer_name: { kind: 'DNS', value: 'app.example.com' },
    ...changes,
  })
  const run = async (cases: readonly LimboCase[], exceptions: Readonly<Record<string, string>> = {}) => {
    const file = join(folder, 'cases.json')
    writeFileSync(file, JSON.stringify({ testcases: cases }))
    return runPaths(file, new Map(Object.entries(exceptions)))
  }

  it('counts by class and finds nothing to blame where all is as expected', async () => {
    const result = await run([
      caseOf('a::1'),
      caseOf('a::2', { expected_result: 'FAILURE', expected_peer_name: { kind: 'IP', value: '10.0.0.1' } }),
    ])
    expect(result?.faults).toEqual([])
    expect(result && printTallies(result)).toEqual([
      '  a: passed 2 of 2, exceptions 0, wrongly accepted 0, wrongly rejected 0, over a second 0',
    ])
  })

  it('fails where a case falls, and says on which side', async () => {
    const result = await run([caseOf('a::1', { expected_result: 'FAILURE' }), caseOf('a::2', { trusted_certs: [] })])
    expect(result?.tallies.get('a')).toMatchObject({ cases: 2, passed: 0, wronglyAccepted: 1, wronglyRejected: 1 })
    expect(result?.faults).toEqual(['a::1: accepted', 'a::2: rejected issuer-not-found, no-anchors'])
  })

  it('fails where an exception begins to pass, and not where it falls as said', async () => {
    expect((await run([caseOf('a::1')], { 'a::1': 'why' }))?.faults).toEqual(['a::1: is an exception, and passes'])
    const fallen = await run([caseOf('a::1', { trusted_certs: [] })], { 'a::1': 'why' })
    expect(fallen?.faults).toEqual([])
    expect(fallen?.tallies.get('a')).toMatchObject({ passed: 0, excepted: 1 })
  })

  it('wants a finding for a lint case that must fail', async () => {
    writeFileSync(
      join(folder, 'private-pki-profile.json'),
      JSON.stringify({ told: { class: 'lint' }, silent: { class: 'lint' }, web: { class: 'webpki-only' } }),
    )
    const odd = await makeLeaf(root, { serial: 0n })
    const result = await run([
      caseOf('told', { expected_result: 'FAILURE', peer_certificate: odd.pem }),
      caseOf('silent', { expected_result: 'FAILURE' }),
      caseOf('web', { expected_result: 'FAILURE' }),
    ])
    rmSync(join(folder, 'private-pki-profile.json'))
    expect(result).toMatchObject({ leftOut: 1, faults: ['silent: no finding'] })
    expect(result?.tallies.get('lint')).toMatchObject({ cases: 2, passed: 1, untold: 1 })
  })

  it('leaves out PKITS sections about policies and CRLs, and asks the others without purpose and name', async () => {
    const client = await makeLeaf(root, { extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'] })
    const result = await run([
      caseOf('p::1', { section: '4.8.1', expected_result: 'FAILURE' }),
      caseOf('p::2', { section: '4.7.1', peer_certificate: client.pem, expected_peer_name: null }),
    ])
    expect(result).toMatchObject({ leftOut: 1, faults: [] })
  })

  it('passes over a file that holds no cases', async () => {
    const file = join(folder, 'other.json')
    writeFileSync(file, '{"a": 1}')
    expect(await runPaths(file, new Map())).toBeUndefined()
  })

  it('says which path is not there instead of running nothing', () => {
    const script = (name: string): string => fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url))
    const run = spawnSync(process.execPath, [script('run.mjs'), script('conformance/main.ts'), folder, '/nowhere/at all'], {
      encoding: 'utf8',
    })
    expect([run.status, run.stdout, run.stderr]).toEqual([2, '/nowhere/at all: not here\n', ''])
  })

  it('exceptions stand by name with a reason', () => {
    for (const [id, reason] of readExceptions()) expect(`${id} ${reason}`).toMatch(/^\S+::\S+ .{20,}$/)
  })
})

describe.skipIf(!existsSync(corpus))('public suites', () => {
  it.each(['limbo', 'pkits', 'bettertls'])('%s', async (suite) => {
    const folder = new URL(`${suite}/`, corpus)
    const files = readdirSync(folder).filter((name) => /\.json(\.gz)?$/.test(name) && !name.endsWith('profile.json'))
    expect(files.length).toBeGreaterThan(0)
    for (const name of files) {
      const result = await runPaths(new URL(name, folder).pathname, readExceptions())
      expect(result?.faults).toEqual([])
      expect([...(result?.tallies.values() ?? [])].reduce((sum, tally) => sum + tally.passed, 0)).toBeGreaterThan(80)
    }
  })
})
