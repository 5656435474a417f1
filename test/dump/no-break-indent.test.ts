import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/dump/raw-object.ts'
import { findNoBreakIndent, withoutNoBreakIndent } from '../../src/dump/no-break-indent.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { printKubectlYaml } from '../arbitraries/kubectl-yaml.ts'

const NBSP = '\u00a0'
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

const mended = (text: string, size = text.length * 3): { readonly text: string; readonly told: readonly number[] } => {
  const told: number[] = []
  const reader = withoutNoBreakIndent((line) => told.push(line))
  const bytes = encode(text)
  let out = ''
  const decoder = new TextDecoder()
  for (let at = 0; at < bytes.length; at += size) out += decoder.decode(reader.push(bytes.subarray(at, at + size)), { stream: true })
  return { text: out + decode(reader.end()), told }
}

const certificate: JsonObject = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { annotations: { note: `a${NBSP}b:${NBSP}c` }, name: 'web', namespace: 'apic' },
  spec: { dnsNames: ['a.example', 'b.example'], issuerRef: { name: 'ca' }, secretName: 'web-tls' },
}

/** How pages give two blanks away. */
const WAYS: readonly (readonly [string, string])[] = [
  ['both', NBSP + NBSP],
  ['the first', `${NBSP} `],
  ['the second', ` ${NBSP}`],
]

describe('indentation with no-break spaces', () => {
  const plain = printKubectlYaml(certificate)

  it.each(WAYS)('is read as blanks where %s of two are such, told once, and values keep theirs', async (_which, two) => {
    const text = `see\n\n${plain.replaceAll(/^ +/gm, (blanks) => two.repeat(blanks.length / 2))}`
    const dump = await readDump({ name: 'page.txt', text })
    expect(dump.objects.map(({ value }) => value)).toStrictEqual([certificate])
    expect(dump.problems).toMatchObject([{ code: 'no-break-spaces', place: { source: 'page.txt', line: 6 } }])
    const line = text.split('\n').findIndex((each) => each.includes('secretName')) + 1
    for (const source of [text, encode(text)]) {
      const [object] = (await readDump({ name: 'page.txt', text: source })).objects
      expect(object?.placeOf(['spec', 'secretName']).line).toBe(line)
    }
  })

  it('is mended behind dashes and around colons, too', () => {
    const text = `kind:${NBSP}List\nitems:\n-${NBSP}kind: Certificate\n${NBSP} spec${NBSP}:${NBSP}\n${NBSP} note: "x:${NBSP}y"\n`
    expect(mended(text)).toEqual({ text: 'kind: List\nitems:\n- kind: Certificate\n  spec : \n  note: "x:\u00a0y"\n', told: [1] })
  })

  it('is mended in JSON', () => {
    expect(mended(`{\n${NBSP}${NBSP}"kind":${NBSP}"A${NBSP}B"\n}\n`).text).toBe('{\n  "kind": "A\u00a0B"\n}\n')
  })

  it('is the same wherever a chunk ends', () => {
    const text = plain.replaceAll('  ', `${NBSP} `)
    for (let size = 1; size < 80; size++) expect(mended(text, size)).toEqual(mended(text))
    const long = text + text.repeat(Math.ceil(70_000 / text.length)) + `${NBSP}${NBSP}z: ${'y'.repeat(3000)}${NBSP}\n`
    const whole = mended(long)
    for (const size of [1, 1000, 65_535, 65_536, 65_537]) expect(mended(long, size)).toEqual(whole)
    expect(whole.text.endsWith(`\n  z: ${'y'.repeat(3000)}${NBSP}\n`)).toBe(true)
  })

  it.each([
    ['a text in a block', `data:\n  note: |\n    Read:\n\n    ${NBSP}one: 1\n    ${NBSP}two: 2\n  a: b\n`],
    ['a folded block', `data:\n  note: >-\n    ${NBSP}one: 1\n    ${NBSP}two: 2\n`],
    ['a broken line of a long text', `data:\n  note: 'long\n    ${NBSP}one: 1'\n`],
    ['prose', `${NBSP}${NBSP}Hello you\n${NBSP}- see\n`],
    ['a value', `a: x${NBSP}y\nb: ${NBSP}z\n`],
  ])('is none of %s', (_what, text) => {
    expect(findNoBreakIndent(encode(text))).toBeUndefined()
    expect(mended(text, 3)).toEqual({ text, told: [] })
  })

  it('is not told of a text that holds no object', async () => {
    const dump = await readDump({ name: 'mail', text: `${NBSP}${NBSP}Subject: you\n` })
    expect(dump.problems.map(({ code }) => code)).toStrictEqual(['no-objects'])
  })
})
