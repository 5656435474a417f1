import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/index.ts'
import { expectDiagnostic, expectSilent } from '../../src/testing/index.ts'
import { NOW, faultsOf, rootAndWeb } from './rule-cases.ts'

const yaml = (): Promise<string> => rootAndWeb().toYaml()
const read = (text: string | Uint8Array, name = 'dump.yaml') => analyze({ name, text }, { at: NOW })

describe('input-unreadable', () => {
  it.each([
    ['cut off within a Secret', (text: string) => text.slice(0, text.lastIndexOf('tls.crt:') + 200)],
    ['cut off within a line', (text: string) => text.slice(0, text.lastIndexOf('  kind: Secret') + 6)],
    ['a tab as indent', (text: string) => text.replace(/^ {4}name: web$/m, '\tname: web')],
    ['a log line within an object', (text: string) => text.replace(/^ {2}spec:$/m, 'E1124 04:00:00 throttled\n  spec:')],
  ])('fires: %s is a warning; the rest is analysed', async (_what, change) => {
    const text = await yaml()
    const broken = change(text)
    expect(broken).not.toBe(text)
    const report = await read(broken)
    const { subject, locations, remedy } = expectDiagnostic(report, 'input-unreadable', { severity: 'warning' })
    expect(subject).toEqual({ kind: 'Source', name: 'dump.yaml' })
    expect(locations[0]?.line).toBeGreaterThan(1)
    expect(remedy.text).not.toBe('')
    expect(report.counts.certificates + report.counts.secrets).toBeGreaterThan(1)
  })

  it.each([
    ['bytes that are no text', new Uint8Array(4096).map((_, index) => (index * 37 + 129) % 256)],
    ['an empty file', ''],
  ])('fires: %s is an error, nothing at all was read', async (_what, text) => {
    const report = await read(text, 'disk.img')
    expectDiagnostic(report, 'input-unreadable', { severity: 'error', names: ['Source/disk.img'], count: 1 })
    expect(report.counts.certificates).toBe(0)
  })

  it.each([
    ['an empty file', '', 'dump.yaml is empty'],
    ['bytes that are no text', new Uint8Array(4096).map((_, index) => (index * 37 + 129) % 256), 'dump.yaml is not text'],
    [
      'what kubectl says in place of objects',
      'error: the server doesn\'t have a resource type "issuers"\n',
      'dump.yaml holds no Kubernetes object',
    ],
  ])('says of %s what it is, and what to run instead', async (_what, text, sentence) => {
    const { message, remedy } = expectDiagnostic(await read(text), 'input-unreadable', { count: 1 })
    expect(message.text).toBe(sentence)
    expect(remedy.commands[0]).toMatch(/^kubectl get issuers,.* -o yaml$/)
  })

  it('fires: a table is a warning', async () => {
    const report = await read('NAME   READY   SECRET   AGE\nweb    True    web      4d\n', 'table.txt')
    expectDiagnostic(report, 'input-unreadable', { severity: 'warning', names: ['Source/table.txt'] })
  })

  it.each([
    ['what kubectl prints', (text: string) => text],
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['a BOM', (text: string) => `\uFEFF${text}`],
    ['two outputs, one after the other', (text: string) => `${text}---\n${text}`],
    ['a comment', (text: string) => `# collected on Tuesday\n${text}`],
  ])('is silent: %s', async (_what, change) => {
    const report = await read(change(await yaml()))
    expectSilent(report, 'input-unreadable')
    expect(faultsOf(report)).toEqual([])
    expect(report.counts.certificates).toBe(2)
  })

  it('is silent: JSON', async () => {
    expectSilent(await read(await rootAndWeb().toJson(), 'dump.json'), 'input-unreadable')
  })
})
