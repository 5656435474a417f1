import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { drawProgress, totalBytes } from '../../src/cli/progress.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubepki-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('drawProgress', () => {
  it('draws a bar that is as long at each moment', () => {
    const drawn = [0, 50e6, 100e6].map((bytes) => drawProgress(bytes, 100e6, 1000))
    expect(drawn).toEqual([
      'reading  [                        ]  0 of 100 MB  0 MB/s',
      'reading  [============            ]  50 of 100 MB  50 MB/s',
      'reading  [========================]  100 of 100 MB  100 MB/s',
    ])
  })

  it('draws none where the end is not known, or was passed', () => {
    for (const total of [undefined, 0, 4e6]) expect(drawProgress(5e6, total, 500)).toBe('reading  5 MB  10 MB/s')
  })
})

describe('totalBytes', () => {
  it('adds up files, and knows nothing of folders, standard input and what is not there', () => {
    const files = ['a', 'bcd'].map((text) => {
      writeFileSync(join(folder, text), text)
      return join(folder, text)
    })
    expect(totalBytes(files)).toBe(4)
    for (const other of [folder, '-', join(folder, 'none')]) expect(totalBytes([...files, other])).toBeUndefined()
  })
})
