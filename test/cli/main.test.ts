import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { explain } from '../../src/cli/explain.ts'
import type { Report } from '../../src/index.ts'
import { rules } from '../../src/index.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kubepki-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const RENEWED = 'examples/api-connect/ca-renewed.yaml'
const AT = ['--at', '2026-11-24T05:00:00Z']

/** The command as a process of its own, with pipes for all it reads and writes. */
const kubepki = (args: readonly string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'src/cli/main.ts', ...args], {
    cwd: root,
    input,
    encoding: 'utf8',
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  })
  return { status, stdout, stderr }
}

describe('kubepki', { timeout: 120_000 }, () => {
  it('tells a file apart and ends with 1 where something is broken', () => {
    const { status, stdout, stderr } = kubepki([RENEWED, ...AT])
    expect([status, stderr]).toEqual([1, ''])
    expect(stdout).toContain('✖ ca-rekeyed')
    expect(stdout).not.toContain('\u001b')
  })

  it('reads standard input, and gives JSON', () => {
    const { status, stdout } = kubepki(
      ['-', '--format', 'json', ...AT],
      readFileSync(join(root, 'examples/api-connect/healthy.yaml'), 'utf8'),
    )
    expect(status).toBe(0)
    expect((JSON.parse(stdout) as Report).counts.certificates).toBe(4)
  })

  it('writes to a file, and leaves out of the tree what it was told to leave out', () => {
    const file = join(folder, 'report.txt')
    expect(kubepki([RENEWED, ...AT, '--ignore', 'ca-rekeyed', '--output', file])).toEqual({ status: 0, stdout: '', stderr: '' })
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('abc-management-client')
    expect(text).not.toContain('ca-rekeyed')
  })

  it.each([
    ['an instant that is none', [RENEWED, '--at', 'yesterday'], '--at must be a valid Date or an RFC 3339 string'],
    ['a file that cannot be written', [RENEWED, ...AT, '-o', join(folder, 'no', 'report')], 'cannot be written (ENOENT)'],
    ['a version that is none', [RENEWED, '--cert-manager-version', 'banana'], '--cert-manager-version is a release such as v1.18.6'],
    ['what stands behind a rule', ['explain', 'ca-rekeyed', 'expired'], 'explain takes one rule'],
    ['a name that a terminal would act on', ['a\u001b]0;pwned\u0007.yaml'], 'a\\u{1b}]0;pwned\\u{7}.yaml: no such file'],
    ['a namespace that is not in the dump', [RENEWED, ...AT, '-n', 'apicc'], 'is in namespace apicc'],
  ])('says what is wrong with %s, and ends with 2', (_what, args, sentence) => {
    const { status, stderr } = kubepki(args)
    expect(stderr).toContain(sentence)
    expect(stderr).toMatch(/^kubepki: [ -~]*\n$/)
    expect(status).toBe(2)
  })
})

describe.skipIf(getuid?.() === 0)('kubepki and files that it may not read', () => {
  it('names them, and reads the others', { timeout: 120_000 }, () => {
    const dump = join(folder, 'locked')
    mkdirSync(dump)
    copyFileSync(join(root, RENEWED), join(dump, 'a.yaml'))
    const names = Array.from({ length: 25 }, (_, index) => `${index}\u001b.yaml`)
    for (const name of names) writeFileSync(join(dump, name), '', { mode: 0 })
    const { status, stdout, stderr } = kubepki([dump, ...AT])
    expect(status).toBe(1)
    expect(stdout).toContain('✖ ca-rekeyed')
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(21)
    expect(lines[0]).toBe(`kubepki: ${join(dump, '0')}\\u{1b}.yaml: cannot be read (EACCES)`)
    expect(lines.at(-1)).toBe('kubepki: 5 more files or folders cannot be read')
  })
})

describe('explain', () => {
  it('prints a rule in lines that a terminal can hold', () => {
    const { text, found } = explain('ca-rekeyed')
    expect(found).toBe(true)
    expect(text).toMatch(/^ca-rekeyed {2}\(error\)\nSigned by a key/)
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
    expect(
      explain('ca-rekeyed', 60)
        .text.split('\n')
        .filter((line) => line.length > 60),
    ).toEqual([])
  })

  it('lists all rules, and knows no others', () => {
    expect(explain(undefined).text.trimEnd().split('\n')).toHaveLength(rules.length)
    expect(explain('ca-rekeyd')).toEqual({ text: 'no rule is called "ca-rekeyd"; kubepki explain lists them', found: false })
  })
})
