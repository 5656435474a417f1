import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { getuid } from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPaths } from '../../src/node/read-paths.ts'
import type { ReadPathsOptions } from '../../src/node/read-paths.ts'
import { zip } from '../bundle/write-archives.ts'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubepki-'))
  mkdirSync(join(folder, 'dump', 'b', 'c'), { recursive: true })
  writeFileSync(join(folder, 'dump', 'b', 'c', 'x.yaml'), 'kind: Secret\n')
  writeFileSync(join(folder, 'dump', 'b.yaml'), 'second\n')
  writeFileSync(join(folder, 'dump', 'B.yaml'), 'first\n')
  symlinkSync('/etc', join(folder, 'dump', 'link'))
  symlinkSync(join(folder, 'dump'), join(folder, 'dump', 'b', 'circle'))
  writeFileSync(join(folder, 'big.yaml'), 'abcdefghij'.repeat(300_000))
  writeFileSync(join(folder, 'a.zip'), zip([{ name: 'a', text: 'x' }]))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = async (paths: readonly string[], options?: ReadPathsOptions): Promise<[string, string, string | undefined][]> => {
  const out: [string, string, string | undefined][] = []
  for await (const { name, text, partOf } of readPaths(paths, options)) {
    const parts: Uint8Array[] = []
    for await (const part of text as AsyncIterable<Uint8Array>) parts.push(part)
    out.push([name, Buffer.concat(parts).toString(), partOf])
  }
  return out
}

describe('readPaths', () => {
  it('reads a folder in the order of names, and follows no link', async () => {
    expect(await read([join(folder, 'dump')])).toEqual([
      ['dump/B.yaml', 'first\n', 'dump'],
      ['dump/b/c/x.yaml', 'kind: Secret\n', 'dump'],
      ['dump/b.yaml', 'second\n', 'dump'],
    ])
  })

  it('names a folder by its own name however it is given', async () => {
    const [first] = await read([`${folder}/dump/b/../`])
    expect(first?.[0]).toBe('dump/B.yaml')
    expect((await read([folder])).map(([name]) => name.split('/')[0])).toContain(basename(folder))
  })

  it('reads a file in pieces, and at any offset', async () => {
    const path = join(folder, 'big.yaml')
    for await (const source of readPaths([path])) {
      expect(source).toMatchObject({ name: path, random: { size: 3_000_000 } })
      let pieces = 0
      let bytes = 0
      for await (const piece of source.text as AsyncIterable<Uint8Array>) {
        pieces++
        bytes += piece.length
      }
      expect([pieces > 1, bytes]).toEqual([true, 3_000_000])
      expect(Buffer.from((await source.random?.read(2_999_995, 100)) ?? []).toString()).toBe('fghij')
      expect(await source.random?.read(4_000_000, 5)).toHaveLength(0)
    }
  })

  it('tells what is not there', async () => {
    await expect(read([join(folder, 'nothing')])).rejects.toMatchObject({ name: 'KubepkiFileError', code: 'not-found' })
  })

  it.skipIf(getuid?.() === 0)('tells what it may not read, and goes on where the caller wants it', async () => {
    const path = join(folder, 'dump', 'locked.yaml')
    writeFileSync(path, 'x')
    chmodSync(path, 0)
    await expect(read([join(folder, 'dump')])).rejects.toMatchObject({ code: 'not-readable' })
    const told: string[] = []
    const locked = ['dump/locked.yaml', '', 'dump']
    expect(await read([join(folder, 'dump')], { onUnreadable: (error) => told.push(error.code) })).toContainEqual(locked)
    expect(told).toEqual(['not-readable'])
    rmSync(path, { force: true })
  })

  it('leaves a mark where a file or a folder is gone when its turn comes', async () => {
    const top = join(folder, 'vanishing')
    const make = (): void => {
      mkdirSync(join(top, 'b'), { recursive: true })
      for (const name of ['a.yaml', 'b/x.yaml', 'c.yaml']) writeFileSync(join(top, name), '')
    }
    const walk = async (options?: ReadPathsOptions): Promise<unknown[]> => {
      make()
      const out: unknown[] = []
      for await (const source of readPaths([top], options)) {
        out.push([source.name, 'unreadable' in source])
        rmSync(join(top, 'b'), { recursive: true, force: true })
        rmSync(join(top, 'c.yaml'), { force: true })
      }
      return out
    }
    await expect(walk()).rejects.toMatchObject({ code: 'not-found' })
    const told: (string | undefined)[] = []
    expect(await walk({ onUnreadable: (error) => told.push(error.path) })).toEqual([
      ['vanishing/a.yaml', false],
      ['vanishing/b/', true],
      ['vanishing/c.yaml', true],
    ])
    expect(told).toEqual([join(top, 'b'), join(top, 'c.yaml')])
    rmSync(top, { recursive: true })
  })

  it('ends at its bound, and when the caller says so', async () => {
    await expect(read([join(folder, 'dump')], { maxFiles: 2 })).rejects.toMatchObject({ code: 'too-many' })
    const controller = new AbortController()
    controller.abort(new Error('stop'))
    await expect(read([join(folder, 'dump')], { signal: controller.signal })).rejects.toThrow('stop')
  })
})
