import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/index.ts'
import { analyze, rules } from '../../src/index.ts'
import type { JsonValue } from '../../src/testing/index.ts'
import { printKubectlYaml } from '../../src/testing/index.ts'
import type { SecretObject } from '../../src/testing/kubernetes-objects.ts'
import { textOfBase64 } from '../../src/testing/pem-writer.ts'
import type { RuleCase } from './rule-cases.ts'
import { reportOf, threeLevels, withoutKind } from './rule-cases.ts'

const masked = (keys: string): RuleCase['text'] => {
  const line = new RegExp(`^( +(?:${keys})): \\S+$`, 'gm')
  return (yaml) => yaml.replace(line, '$1: REDACTED')
}

/** Dumps of one healthy cluster, each without one thing. */
const dumps: Readonly<Record<string, Partial<RuleCase>>> = {
  secret: { dumped: withoutKind('Secret') },
  'secret-data': { text: masked('tls\\.crt|ca\\.crt') },
  'private-key': { text: masked('tls\\.key') },
  issuer: { dumped: withoutKind('Issuer') },
  'certificate-resource': { dumped: withoutKind('Certificate') },
  'certificate-requests': { dumped: withoutKind('CertificateRequest') },
  status: { text: (yaml) => yaml.replace(/^ {2}status:\n(?: {4}.*\n)+/gm, '') },
}

const needing = (need: string): string[] => rules.filter((rule) => rule.needs.some((each) => each === need)).map((rule) => rule.id)
const openIn = (report: Report): ReadonlySet<string> => new Set(report.notEvaluable.map((entry) => entry.rule))

describe('a dump that lacks nothing', () => {
  it('leaves no question open', async () => {
    expect((await reportOf({ what: '', of: threeLevels })).notEvaluable).toEqual([])
  })
})

/** As Troubleshoot writes a Secret: its values as plain text, and nothing of its metadata but the name. */
const printCollected = ({ metadata: { name, namespace }, data }: SecretObject): string =>
  JSON.stringify({
    namespace,
    name,
    secretExists: true,
    keyExists: false,
    data: Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, textOfBase64(value)])),
  })

describe('a dump without annotations', () => {
  it('says so for every rule that needs them', async () => {
    const built = threeLevels()
    const objects = await built.toObjects()
    const items = objects.filter((object) => object.kind !== 'Secret') as unknown as JsonValue[]
    const sources = [
      { name: 'dump.yaml', text: printKubectlYaml({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }) },
      ...objects
        .filter((object): object is SecretObject => object.kind === 'Secret')
        .map((secret) => ({ name: `bundle/secrets/apic/${secret.metadata.name}.json`, text: printCollected(secret) })),
    ]
    const report = await analyze(sources, { at: await built.now() })
    expect(report.counts.secrets).toBe(3)
    expect([...openIn(report)].sort()).toEqual(needing('annotations').sort())
  })
})

describe.each(Object.entries(dumps))('a dump without %s', (need, how) => {
  it('says so for every rule that needs it, and finds nothing wrong that it cannot know', async () => {
    const report = await reportOf({ what: '', of: threeLevels, ...how })
    const open = openIn(report)
    expect(needing(need).filter((id) => !open.has(id))).toEqual([])
    if (need === 'secret') expect([...needing('secret-data'), ...needing('private-key')].filter((id) => !open.has(id))).toEqual([])
    expect(report.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').map((diagnostic) => diagnostic.rule)).toEqual([])
  })
})
