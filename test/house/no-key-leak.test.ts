import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import * as kubepki from '../../src/index.ts'
import { plantKeys } from './key-material.ts'
import { createLeakSearch } from './leak-search.ts'
import type { PlantedDump } from './planted-dumps.ts'
import { plantedDumps } from './planted-dumps.ts'
import { root } from './source-tree.ts'

// The command is started anew for each run, on machines that may be busy.
vi.setConfig({ testTimeout: 180_000 })

const AT = '2026-11-24T05:00:00Z'
const keys = plantKeys()
const search = createLeakSearch(keys)
const pairs = keys.map((key, index) => [key.name, key, keys[(index + 1) % keys.length]!] as const)

/** Every renderer of the entry, so that a new one is searched from its first day. */
const renderers = Object.entries(kubepki).filter((entry): entry is [string, (report: kubepki.Report) => string] => {
  const [name, value] = entry
  return name.startsWith('render') && typeof value === 'function'
})

const told = (error: unknown): string =>
  error instanceof Error ? `${error.name} ${error.message} ${error.stack} ${told(error.cause)}` : String(error)

/** Inputs on which the library threw: it never should, and a run that threw has shown nothing. */
const thrown: string[] = []

/** All that the library says of one dump: the report, each rendering, the problems of reading, and what it throws. */
const outputsOf = async ({ name, text }: PlantedDump): Promise<readonly string[]> => {
  const outputs: string[] = []
  const caught = (error: unknown): void => {
    thrown.push(`${name}: ${error instanceof Error ? error.name : 'not an Error'}`)
    outputs.push(told(error))
  }
  try {
    const report = await kubepki.analyze({ name: `${name}.yaml`, text }, { at: AT })
    outputs.push(JSON.stringify(report))
    for (const [renderer, render] of renderers) outputs.push(`${renderer}\n${render(report)}`)
  } catch (error) {
    caught(error)
  }
  try {
    outputs.push(JSON.stringify((await kubepki.parseDump({ name, text })).problems))
  } catch (error) {
    caught(error)
  }
  return outputs
}

describe('no byte of a private key leaves', () => {
  it.each(pairs)('%s, wherever it stands', async (_name, key, another) => {
    const leaks: unknown[] = []
    for (const dump of plantedDumps(key, another))
      for (const output of await outputsOf(dump))
        for (const leak of search(output)) leaks.push({ dump: dump.name, ...leak, near: output.slice(0, 60) })
    expect(leaks).toEqual([])
  })

  it('is read at all: a key in its place is set against its certificate', async () => {
    const key = keys[0]!
    const [whole, mismatch] = plantedDumps(key, keys.at(-1)!)
    const matching = await kubepki.analyze({ name: 'a', text: whole!.text }, { at: AT })
    const differing = await kubepki.analyze({ name: 'a', text: mismatch!.text }, { at: AT })
    const aboutKeys = (report: kubepki.Report): readonly string[] =>
      report.diagnostics.map((diagnostic) => diagnostic.rule).filter((rule) => /key-(mismatch|unreadable)$/.test(rule))
    expect(aboutKeys(matching)).toEqual([])
    expect(aboutKeys(differing)).toContain('ca-key-mismatch')
  })

  it('wherever the dump is cut off', async () => {
    const leaks: unknown[] = []
    const key = keys.find((candidate) => candidate.name === 'ecdsa-p256-sec1')!
    const text = plantedDumps(key, keys[0]!)[0]!.text as string
    const start = text.indexOf('kind: Certificate\n')
    for (let end = start; end < text.length; end += 151)
      for (const output of await outputsOf({ name: `cut at ${end}`, text: text.slice(0, end) }))
        for (const leak of search(output)) leaks.push({ end, ...leak })
    expect(leaks).toEqual([])
  })

  it('wherever a byte of the Secret is changed', async () => {
    const leaks: unknown[] = []
    const key = keys.find((candidate) => candidate.name === 'ed25519-pkcs8')!
    const text = plantedDumps(key, keys[0]!)[0]!.text as string
    const start = text.lastIndexOf('- apiVersion: v1')
    for (let at = start; at < text.length; at += 29)
      for (const character of [':', '"', '\n', '{'])
        for (const output of await outputsOf({ name: `changed at ${at}`, text: text.slice(0, at) + character + text.slice(at + 1) }))
          for (const leak of search(output)) leaks.push({ at, character, ...leak })
    expect(leaks).toEqual([])
  })

  it('and nothing is thrown', () => {
    expect(thrown.slice(0, 10)).toEqual([])
  })
})

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubepki-leak-'))
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(['json', 'text'])('says nothing of a key on standard output and standard error, as %s', (format) => {
    const key = keys[0]!
    const paths = plantedDumps(key, keys.at(-1)!).map((dump, index) => {
      const path = join(folder, `${index}.yaml`)
      writeFileSync(path, dump.text)
      return path
    })
    const command = [join(root, 'scripts/run.mjs'), join(root, 'src/cli/main.ts'), '--at', AT, '--format', format]
    const together = spawnSync(process.execPath, [...command, ...paths], { encoding: 'utf8', maxBuffer: 1 << 28 })
    const piped = spawnSync(process.execPath, [...command, '-'], { input: key.pem, encoding: 'utf8', maxBuffer: 1 << 28 })
    expect([0, 1]).toContain(together.status)
    expect(together.stdout).toContain('planted')
    expect(together.stdout + piped.stdout).not.toBe('')
    for (const run of [together, piped]) {
      expect(search(run.stdout)).toEqual([])
      expect(search(run.stderr)).toEqual([])
    }
  })
})
