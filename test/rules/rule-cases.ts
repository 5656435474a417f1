import { describe, expect, it } from 'vitest'
import type { AnalyzeOptions, Report } from '../../src/index.ts'
import { analyze } from '../../src/index.ts'
import type { CertificateInput, CertificateSpec, Cluster, ClusterOptions, JsonValue, KubernetesObject } from '../../src/testing/index.ts'
import {
  cluster,
  createKeyPool,
  expectDiagnostic,
  expectNotEvaluable,
  expectSilent,
  findDiagnostics,
  printKubectlYaml,
} from '../../src/testing/index.ts'
import type { DiagnosticExpectation } from '../../src/testing/index.ts'
import { renderDiagnostic } from '../../src/render/diagnostic.ts'
import { paintFor } from '../../src/render/paint.ts'

/** One cluster, and how it is looked at. */
export interface RuleCase {
  readonly what: string
  readonly of: () => Cluster
  /** Default: the cluster's own clock. */
  readonly at?: string
  readonly certManager?: AnalyzeOptions['certManager']
  /** Objects that the dump holds; default: all. */
  readonly dumped?: (object: KubernetesObject) => boolean
  /** What happened to the text on its way. */
  readonly text?: (yaml: string) => string
}

export interface FiringCase extends RuleCase {
  readonly expected: DiagnosticExpectation & { readonly subject?: string }
  /** Healthy objects that it must not name. */
  readonly spares?: readonly string[]
  /** The remedy's commands, all of them. */
  readonly commands?: readonly string[]
  /** Errors and warnings of other rules that belong to the same cluster; default: none. One entry for each diagnostic. */
  readonly beside?: readonly string[]
}

export interface SilentCase extends RuleCase {
  /** Every error and warning that the report has instead; not looked at where it is left out. */
  readonly instead?: readonly string[]
}

export interface OpenCase extends RuleCase {
  readonly missing: readonly string[]
}

export interface RuleCases {
  readonly fires: readonly FiringCase[]
  readonly silent: readonly SilentCase[]
  /** Where the dump cannot answer. */
  readonly open?: readonly OpenCase[]
}

const keys = createKeyPool()
export const NOW = '2026-11-24T04:00:00Z'
/** P-256 keys are quick to make; a policy that keeps them leaves `ca-rotation-policy` out of every other rule's cluster. */
export const key = { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Never' } as const
export const ca = { isCA: true, duration: '87600h', privateKey: key } as const

/** An empty cluster with namespace `apic`; all clusters here share their keys. */
export const start = (options: Partial<ClusterOptions> = {}): Cluster => cluster({ now: NOW, namespace: 'apic', keys, ...options })

export const leaf = (issuer: CertificateInput['issuer'], more: Partial<CertificateInput> = {}): CertificateInput => ({
  issuer,
  dnsNames: ['web.apic.svc'],
  privateKey: key,
  ...more,
})

/** A self-signed CA `name` with an issuer of that name, filled by the issuer `boot`. */
export const withRoot = (built: Cluster, name = 'root', more: Partial<CertificateInput> = {}): Cluster =>
  built.certificate(name, { issuer: 'boot', commonName: `${name} CA`, ...ca, ...more }).caIssuer(name)

/** boot → root → web, api, db */
export const rootAndLeaves = (options: Partial<ClusterOptions> = {}, more: Partial<CertificateInput> = {}): Cluster =>
  withRoot(start(options).selfSignedIssuer('boot'), 'root', more)
    .certificate('web', leaf('root'))
    .certificate('api', leaf('root'))
    .certificate('db', leaf('root'))

/** boot → root → web */
export const rootAndWeb = (web: Partial<CertificateInput> = {}, root: Partial<CertificateInput> = {}): Cluster =>
  withRoot(start().selfSignedIssuer('boot'), 'root', root).certificate('web', leaf('root', web))

/** boot → root → middle → web */
export const threeLevels = (
  options: {
    middle?: Partial<CertificateInput>
    root?: Partial<CertificateInput>
    web?: Partial<CertificateInput>
    certManagerVersion?: string
  } = {},
): Cluster =>
  withRoot(
    start(options.certManagerVersion === undefined ? {} : { certManagerVersion: options.certManagerVersion }).selfSignedIssuer('boot'),
    'root',
    options.root,
  )
    .certificate('middle', { issuer: 'root', commonName: 'middle CA', ...ca, duration: '43800h', ...options.middle })
    .caIssuer('middle')
    .certificate('web', leaf('middle', options.web))

/** Everything but this Secret. */
export const withoutSecret =
  (name: string) =>
  (object: KubernetesObject): boolean =>
    !(object.kind === 'Secret' && object.metadata.name === name)

export const withoutKind =
  (kind: string) =>
  (object: KubernetesObject): boolean =>
    object.kind !== kind

/** The items of a List as documents of their own, as they are when somebody prints one object after the other. */
export const asDocuments = (yaml: string): string =>
  yaml
    .slice(yaml.indexOf('\nitems:\n') + '\nitems:\n'.length, yaml.indexOf('\nkind: List'))
    .replaceAll(/^- /gm, '---\n  ')
    .replaceAll(/^ {2}/gm, '')
    .concat('\n')

/** PEM blocks of a value, one text each. */
export const blocks = (pem = ''): readonly string[] => pem.match(/-----BEGIN [\s\S]*?-----END [^\n]*-----\n/g) ?? []

export const specOf = (object: KubernetesObject): CertificateSpec => {
  if (object.kind !== 'Certificate' || !('secretName' in object.spec)) throw new Error(`${object.kind} has no such spec`)
  return object.spec
}

export const reportOf = async ({ of, at, certManager, dumped, text }: RuleCase): Promise<Report> => {
  const built = of()
  const items = (await built.toObjects()).filter((object) => dumped?.(object) ?? true)
  const list = { apiVersion: 'v1', items: items as unknown as readonly JsonValue[], kind: 'List', metadata: { resourceVersion: '' } }
  const yaml = printKubectlYaml(list)
  return analyze({ name: 'dump.yaml', text: text?.(yaml) ?? yaml }, { at: at ?? (await built.now()), ...(certManager && { certManager }) })
}

/** Errors and warnings by rule, one entry for each diagnostic, sorted. */
export const faultsOf = (report: Report): readonly string[] =>
  report.diagnostics
    .filter(({ severity }) => severity !== 'info')
    .map(({ rule }) => rule)
    .sort()

/** Digests and key identifiers, by the order in which they first stand here: keys are made anew in every run. */
const withoutDigests = (text: string): string => {
  const known = new Map<string, string>()
  return text.replaceAll(/\b(?:[0-9a-f]{2}(?::[0-9a-f]{2}){3,}|[0-9a-f]{12,64})(?![0-9a-z])/g, (digest) => {
    const sign = known.get(digest) ?? String.fromCharCode('A'.charCodeAt(0) + known.size)
    known.set(digest, sign)
    return digest.replaceAll(/[0-9a-f]/g, sign)
  })
}

/** What a rule says of a cluster, as the command prints it. */
const toldBy = (rule: string, { diagnostics }: Report): string =>
  withoutDigests(
    diagnostics
      .filter((diagnostic) => diagnostic.rule === rule)
      .flatMap((diagnostic) => renderDiagnostic(diagnostic, paintFor(false), 100))
      .join('\n'),
  )

/** Holds one rule to its cases: where it speaks (and, but for what is named, it alone), where it is silent, where the dump cannot say. */
export const describeRule = (rule: string, { fires, silent, open = [] }: RuleCases): void => {
  describe(rule, () => {
    const told: string[] = []
    it.each(fires.map((item) => [item.what, item] as const))('fires: %s', async (what, item) => {
      const report = await reportOf(item)
      told.push(`# ${what}\n\n${toldBy(rule, report)}\n`)
      const { subject, ...expected } = item.expected
      const found = expectDiagnostic(report, rule, { count: 1, ...expected })
      if (subject !== undefined)
        expect(findDiagnostics({ ...report, diagnostics: [{ ...found, related: [] }] }, rule, subject)).toHaveLength(1)
      for (const name of item.spares ?? []) expect(findDiagnostics(report, rule, name)).toEqual([])
      if (item.commands) expect(found.remedy.commands).toEqual(item.commands)
      const own = found.severity === 'info' ? [] : findDiagnostics(report, rule).map(() => rule)
      expect(faultsOf(report)).toEqual([...own, ...(item.beside ?? [])].sort())
      expect(found.locations.every((place) => place.source === 'dump.yaml' && place.line > 0)).toBe(true)
    })

    // Looked at by whoever changes a rule: `npm test -- -u` writes it.
    if (fires.length > 0)
      it('says in each case what stands in told/', async ({ skip }) => {
        if (told.length < fires.length) skip('only with all cases')
        await expect(told.join('\n')).toMatchFileSnapshot(`told/${rule}.txt`)
      })

    it.each(silent.map((item) => [item.what, item] as const))('is silent: %s', async (_what, item) => {
      const report = await reportOf(item)
      expectSilent(report, rule)
      if (item.instead) expect(faultsOf(report)).toEqual([...item.instead].sort())
    })

    if (open.length > 0)
      it.each(open.map((item) => [item.what, item] as const))('cannot be evaluated: %s', async (_what, item) => {
        const report = await reportOf(item)
        expectSilent(report, rule)
        expect(expectNotEvaluable(report, rule)).toEqual(expect.arrayContaining([...item.missing]))
      })
  })
}
