import { formatInstant, parseInstant } from '../../src/base/instant.ts'
import { toHex } from '../../src/base/bytes.ts'
import type { Json, JsonObject } from '../../src/dump/raw-object.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import type { Inventory } from '../../src/inventory/inventory.ts'
import { backOffUntil } from '../../src/replay/back-off.ts'
import { behavioursOf } from '../../src/replay/behaviours.ts'
import type { Behaviours } from '../../src/replay/behaviours.ts'
import { caIssuerReady, caIssuerSign } from '../../src/replay/ca-issuer.ts'
import { parseVersion } from '../../src/replay/cert-manager-version.ts'
import { certificateViolations } from '../../src/replay/certificate-matches-spec.ts'
import { readCertificateNames } from '../../src/replay/certificate-names.ts'
import { buildCertificateChain } from '../../src/replay/chain-builder.ts'
import type { ChainMember, SignedBy } from '../../src/replay/chain-builder.ts'
import type { ControllerVerdict, Outcome } from '../../src/replay/controller-verdict.ts'
import { certificateRequestTemplate } from '../../src/replay/certificate-request-template.ts'
import { effectiveSpec } from '../../src/replay/defaults.ts'
import { detailsAnnotations } from '../../src/replay/details-annotations.ts'
import { readFeatureGates } from '../../src/replay/feature-gates.ts'
import { formatDuration } from '../../src/replay/go-time.ts'
import { encodeLiteralSubject } from '../../src/replay/literal-subject.ts'
import { privateKeyViolations } from '../../src/replay/private-key-matches-spec.ts'
import { readRenewalSpec, renewalTimeOf } from '../../src/replay/renewal-time.ts'
import { replayController } from '../../src/replay/replay-controller.ts'
import { requestViolations } from '../../src/replay/request-matches-spec.ts'
import { readCsr, readGoBundle } from '../../src/replay/secret-facts.ts'
import type { X509Certificate } from '../../src/x509/certificate.ts'
import { createSignatureVerifier } from '../../src/x509/signature.ts'

const KINDS = [
  'policy',
  'renewal',
  'matches',
  'owners',
  'defaults',
  'annotations',
  'literal-subject',
  'backoff',
  'ca-issuer',
  'chain',
  'pem',
] as const

export type CaseKind = (typeof KINDS)[number]

/** Which kind of cases a file of this name holds. */
export const caseKindOf = (name: string): CaseKind | undefined =>
  name.endsWith('.jsonl') || name.endsWith('.jsonl.gz') ? KINDS.find((kind) => name.startsWith(`${kind}-v`)) : undefined

const object = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
const list = (value: Json | undefined): readonly JsonObject[] => (Array.isArray(value) ? (value as readonly JsonObject[]) : [])
const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined)

const inventoryOf = async (items: readonly JsonObject[]): Promise<Inventory> =>
  buildInventory(await readDump([{ name: 'case.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) }]))

const behavioursOfCase = (row: JsonObject): Behaviours => {
  const version = parseVersion(text(row['certManagerVersion']) ?? '')
  if (!version) throw new Error(`case without a version: ${text(row['id']) ?? ''}`)
  return behavioursOf(version)
}

/** Collects differences by comparing as JSON, with `null` for what is absent. */
const createComparison = () => {
  const differences: string[] = []
  return {
    differences,
    same: (what: string, got: Json | undefined, expected: Json | undefined): void => {
      const [a, b] = [JSON.stringify(got ?? null), JSON.stringify(expected ?? null)]
      if (a !== b) differences.push(`${what}: ${a.slice(0, 300)} instead of ${b.slice(0, 300)}`)
    },
  }
}

type Comparison = ReturnType<typeof createComparison>

/** Messages that quote an error of Go's parsers, or follow the random order of a Go map, are not compared. */
const isComparable = (message: string): boolean =>
  !/invalid private key data|invalid certificate|Failed to decode|invalid key-pair: |failed to decode managed fields|secret annotations:|is invalid: /.test(
    message,
  ) && !/(missing these|has these extra) .*\[\S+ |does not match certificate metadata/.test(message)

const compareOutcome = ({ same }: Comparison, what: string, got: Outcome | undefined, expected: JsonObject): void => {
  if (expected['notEvaluable'] === true) return
  if (expected['panics'] === true) {
    same(`${what} panics`, got?.panics, true)
    return
  }
  same(`${what} violated`, got?.violated, expected['violated'])
  same(`${what} reason`, got?.reason, expected['reason'])
  const message = text(expected['message'])
  if (message !== undefined && isComparable(message)) same(`${what} message`, got?.message, message)
}

const instant = (value: string | undefined): string | null => {
  const at = value === undefined ? undefined : parseInstant(value)
  return at === undefined ? null : formatInstant(at)
}

const compareControllers = ({ same }: Comparison, got: ControllerVerdict, controllers: JsonObject): void => {
  const readiness = object(controllers['readiness'])
  const ready = readiness['ready'] ? object(readiness['ready']) : undefined
  if (ready) {
    same('ready', [got.ready.status, got.ready.reason], [ready['status'] ?? null, ready['reason'] ?? null])
    const message = text(ready['message']) ?? ''
    if (isComparable(message)) same('ready message', got.ready.message, message)
  }
  const trigger = object(controllers['trigger'])
  if (trigger['error'] !== undefined) return
  same('triggered', got.triggered, trigger['triggered'])
  same('backoffUntil', instant(got.backoffUntil), instant(text(trigger['backoffUntil'])))
}

const runPolicy = async (row: JsonObject, comparison: Comparison): Promise<void> => {
  const { same } = comparison
  const [input, verdicts, options] = [object(row['input']), object(row['verdicts']), object(row['options'])]
  const single = ['certificate', 'secret', 'currentRequest', 'nextRequest'].flatMap((key) => (input[key] ? [object(input[key])] : []))
  const others = ['otherCertificates', 'otherRequests', 'otherSecrets'].flatMap((key) => list(input[key]))
  const inventory = await inventoryOf([...single, ...others])
  const { verdicts: all } = replayController(inventory, {
    at: parseInstant(text(row['now']) ?? '') ?? NaN,
    certManager: {
      version: text(row['certManagerVersion']) ?? '',
      enableCertificateOwnerRef: options['enableCertificateOwnerRef'] === true,
      featureGates: text(options['featureGates']) ?? '',
    },
  })
  const metadata = object(object(input['certificate'])['metadata'])
  const got = all.find((item) => item.certificate.name === metadata['name'] && item.certificate.namespace === metadata['namespace'])
  if (!got) {
    same('entry', undefined, 'an entry')
    return
  }
  for (const chain of ['trigger', 'readiness', 'temporaryCertificate', 'postIssuance'] as const) {
    compareOutcome(comparison, chain, got[chain], object(verdicts[chain]))
  }
  for (const expected of list(verdicts['all'])) {
    const name = text(expected['policy']) ?? ''
    const found = got.policies.find((policy) => policy.policy === name)
    compareOutcome(comparison, name, found, expected)
  }
  same('renewalTime', instant(got.renewalTime), instant(text(verdicts['renewalTime'])))
  same('renewalTimeError', got.renewalTimeError, verdicts['renewalTimeError'])
  compareControllers(comparison, got, object(verdicts['controllers']))
  const owner = verdicts['secretOwner'] === undefined ? undefined : object(verdicts['secretOwner'])
  if (owner) {
    same('secretOwner', got.secretOwner.isOwner, owner['isOwner'])
    // These rows have the names sorted; the owners tables have them in cert-manager's order.
    const others = got.secretOwner.others.map((ref) => ref.name).sort()
    same('others', others, owner['otherCertificates'] ?? [])
  }
  const gather = object(verdicts['gather'])
  same('gather error', got.gatherError, gather['error'])
  if (gather['error'] !== undefined) return
  same('current', got.currentRequest?.name, gather['current'])
  same('next', got.nextRequest?.name, gather['next'])
}

const runRenewal = (row: JsonObject, { same }: Comparison): void => {
  const seconds = (key: string): number => (parseInstant(text(row[key]) ?? '') ?? NaN) / 1000
  const got = renewalTimeOf(seconds('notBefore'), seconds('notAfter'), readRenewalSpec(row), behavioursOfCase(row))
  const expected = object(row['expected'])
  same('renewalTime', got.at === undefined ? null : formatInstant(got.at * 1000), expected['renewalTime'])
  same('error', got.error, expected['error'])
}

const pemSecret = (pem: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'case', namespace: 'case' },
  data: { 'tls.crt': Buffer.from(pem).toString('base64') },
})

const runMatches = async (row: JsonObject, { same }: Comparison): Promise<void> => {
  const behaviours = behavioursOfCase(row)
  const inventory = await inventoryOf([object(row['certificate']), object(row['request']), pemSecret(text(row['x509']) ?? '')])
  const [certificate] = inventory.certificates
  const [request] = inventory.certificateRequests
  const x509 = inventory.secrets[0]?.tlsCrt.certificates[0]
  if (!certificate || !request || !x509) {
    same('inventory', undefined, 'three objects')
    return
  }
  const expected = object(row['expected'])
  const violations = (key: string): Json => object(expected[key])['violations'] ?? null
  const csr = readCsr(request)
  const requestResult = csr.status === 'read' ? requestViolations(request, csr, certificate.spec, behaviours) : undefined
  same('request', requestResult ? [...requestResult] : null, violations('request'))
  const names = readCertificateNames(x509)
  same('x509', names ? certificateViolations(names, certificate.spec) : null, violations('x509'))
  const key = object(row['publicKey'])
  const algorithm = text(key['algorithm']) as 'RSA' | 'ECDSA' | 'Ed25519'
  const match = privateKeyViolations({ algorithm, bits: Number(key['size']) }, certificate.spec.privateKey)
  same('privateKey', 'violations' in match ? [...match.violations] : null, violations('privateKey'))
}

const runOwners = async (row: JsonObject, { same }: Comparison): Promise<void> => {
  const inventory = await inventoryOf([...list(row['certificates']), ...list(row['secrets'])])
  const { verdicts } = replayController(inventory, { at: 0, certManager: { version: text(row['certManagerVersion']) ?? '' } })
  for (const expected of list(row['expected'])) {
    const got = verdicts.find((item) => item.certificate.name === expected['name'] && item.certificate.namespace === expected['namespace'])
    const name = `${text(expected['namespace']) ?? ''}/${text(expected['name']) ?? ''}`
    same(`${name} isOwner`, got?.secretOwner.isOwner, expected['isOwner'])
    same(`${name} others`, got?.secretOwner.others.map((ref) => ref.name) ?? null, expected['otherCertificates'])
  }
}

const runDefaults = async (row: JsonObject, { same }: Comparison): Promise<void> => {
  const behaviours = behavioursOfCase(row)
  const version = parseVersion(text(row['certManagerVersion']) ?? '') ?? [0, 0, 0]
  const [certificate] = (await inventoryOf([object(row['certificate'])])).certificates
  if (!certificate) {
    same('inventory', undefined, 'a Certificate')
    return
  }
  const expected = object(row['expected'])
  const isGateOn = readFeatureGates(
    text(row['featureGates']) ?? { OtherNames: true, NameConstraints: true, LiteralCertificateSubject: true },
    version,
  )
  const got = effectiveSpec(certificate.spec, behaviours, isGateOn)
  same('rotationPolicy', got.rotationPolicy, expected['rotationPolicy'])
  same('duration', formatDuration(BigInt(Math.round(got.duration * 1e6))), expected['duration'])
  same('issuerKind', got.issuerKind, expected['issuerKind'])
  if (expected['usagesError'] === undefined) {
    // Go's older name of the bit.
    const bits = got.usages.keyUsage.map((usage) => (usage === 'contentCommitment' ? 'nonRepudiation' : usage))
    same('keyUsage', bits, expected['keyUsage'])
    same('extKeyUsage', [...got.usages.extKeyUsage], expected['extKeyUsage'])
  } else same('usagesError', got.usages.unknown.length > 0, true)
  same('privateKeyBlock', got.privateKeyBlock, expected['privateKeyBlock'])
  const csr = expected['csr'] === undefined ? undefined : object(expected['csr'])
  const template = certificateRequestTemplate(certificate.spec, behaviours, isGateOn)
  if (!csr) {
    same('csr error', 'error' in template, expected['csrError'] !== undefined)
    return
  }
  if ('error' in template) {
    same('csr', template.error, csr)
    return
  }
  same('csr subject', toHex(template.subject), csr['subjectHex'])
  same('csr signatureAlgorithm', template.signatureAlgorithm, csr['signatureAlgorithm'])
  const extensions = template.extensions.map(({ oid, critical, value }) => ({ critical, oid, valueHex: toHex(value) }))
  const byOid = (a: JsonObject, b: JsonObject): number => ((text(a['oid']) ?? '') < (text(b['oid']) ?? '') ? -1 : 1)
  same('csr extensions', extensions.sort(byOid), [...list(csr['extensions'])].sort(byOid))
}

const runAnnotations = async (row: JsonObject, { same }: Comparison): Promise<void> => {
  const behaviours = behavioursOfCase(row)
  const x509 = (await inventoryOf([pemSecret(text(row['x509']) ?? '')])).secrets[0]?.tlsCrt.certificates[0]
  const names = x509 && readCertificateNames(x509)
  if (!names) {
    same('certificate', undefined, 'readable')
    return
  }
  const ofIssuer = ['certificate-name', 'issuer-name', 'issuer-kind', 'issuer-group'].map((key) => `cert-manager.io/${key}`)
  const expected = Object.entries(object(object(row['expected'])['annotations'])).filter(([key]) => !ofIssuer.includes(key))
  const got = [...detailsAnnotations(names, behaviours)]
  const byKey = (a: readonly [string, Json], b: readonly [string, Json]): number => (a[0] < b[0] ? -1 : 1)
  same('annotations', Object.fromEntries(got.sort(byKey)), Object.fromEntries(expected.sort(byKey)))
}

const runLiteralSubject = (row: JsonObject, { same }: Comparison): void => {
  const got = encodeLiteralSubject(text(row['literalSubject']) ?? '', behavioursOfCase(row))
  same('subject', 'der' in got ? { derHex: toHex(got.der) } : { error: got.error }, row['expected'])
}

const runBackOff = (row: JsonObject, { same }: Comparison): void => {
  const status = object(row['status'])
  const failure = parseInstant(text(status['lastFailureTime']) ?? '')
  const attempts = typeof status['failedIssuanceAttempts'] === 'number' ? status['failedIssuanceAttempts'] : undefined
  const { exponentialBackOff } = behavioursOfCase(row)
  const until = backOffUntil(parseInstant(text(row['now']) ?? '') ?? NaN, failure, attempts, exponentialBackOff)
  const expected = object(row['expected'])
  same('triggered', until === undefined, expected['triggered'])
  same('backoffUntil', until === undefined ? null : formatInstant(until), expected['backoffUntil'])
}

/** Signatures of every pair of the certificates, asked beforehand. */
const askAll = async (certificates: readonly X509Certificate[]): Promise<SignedBy> => {
  const verifier = createSignatureVerifier()
  const signed = new Set<string>()
  for (const child of certificates) {
    for (const parent of certificates) {
      const verdict = await verifier.verify(child, parent)
      if (verdict.status === 'verified') signed.add(`${child.fingerprint} ${parent.fingerprint}`)
    }
  }
  return (child, parent) => signed.has(`${child.fingerprint} ${parent.fingerprint}`)
}

const distinct = (certificates: readonly X509Certificate[]): readonly X509Certificate[] => [
  ...new Map(certificates.map((certificate) => [certificate.fingerprint, certificate])).values(),
]

const fingerprintsOf = async (pem: string): Promise<string[]> =>
  pem === '' ? [] : ((await inventoryOf([pemSecret(pem)])).secrets[0]?.tlsCrt.certificates ?? []).map((item) => item.fingerprint)

const runChain = async (row: JsonObject, { same }: Comparison): Promise<void> => {
  const expected = object(row['expected'])
  const [secret] = (await inventoryOf([pemSecret(text(row['input']) ?? '')])).secrets
  const read = secret ? readGoBundle(secret.tlsCrt) : { why: 'nothing' }
  if ('why' in read) {
    same('readable', false, expected['error'] === undefined)
    return
  }
  const certificates = distinct(read.certificates)
  const built = buildCertificateChain(certificates, await askAll(certificates), behavioursOfCase(row))
  if ('error' in built) {
    same('error', built.error, expected['error'])
    return
  }
  same('error', undefined, expected['error'])
  const chain = built.chain.map((member) => ('fingerprint' in member ? member.fingerprint : 'new'))
  same('chain', chain, await fingerprintsOf(text(expected['chainPEM']) ?? ''))
  same('ca', built.ca ? [built.ca.fingerprint] : [], await fingerprintsOf(text(expected['caPEM']) ?? ''))
}

const runCaIssuer = async (row: JsonObject, { same }: Comparison): Promise<void> => {
  const input = object(row['input'])
  const items = ['secret', 'certificateRequest'].flatMap((key) => (input[key] ? [object(input[key])] : []))
  const inventory = await inventoryOf(items)
  const issuer = object(input['issuer'])
  const [secret] = inventory.secrets
  const [request] = inventory.certificateRequests
  const ca = {
    namespace: text(object(issuer['metadata'])['namespace']) ?? '',
    name: text(object(object(issuer['spec'])['ca'])['secretName']) ?? '',
    ...(secret && { secret }),
  }
  const expected = object(row['expected'])
  const ready = object(object(expected['issuer'])['ready'])
  const isQuote = (message: string): boolean => /parsing|private key/.test(message)
  const got = caIssuerReady(ca)
  same('issuer', [got.status, got.reason], [ready['status'] ?? null, ready['reason'] ?? null])
  if (!isQuote(text(ready['message']) ?? '')) same('issuer message', got.message, ready['message'])
  if (!request) {
    same('request', undefined, 'a request')
    return
  }
  const certificates = distinct([...(secret?.tlsCrt.certificates ?? []), ...(secret?.caCrt.certificates ?? [])])
  const signed = caIssuerSign(ca, request, await askAll(certificates), behavioursOfCase(row))
  const sign = object(expected['sign'])
  if ('ready' in signed) {
    const wanted = object(sign['ready'])
    same('sign', [signed.ready.status, signed.ready.reason], [wanted['status'] ?? null, wanted['reason'] ?? null])
    if (!isQuote(text(wanted['message']) ?? '')) same('sign message', signed.ready.message, wanted['message'])
    return
  }
  const shown = (member: ChainMember): string => ('fingerprint' in member ? member.fingerprint : 'new')
  const chain = await fingerprintsOf(text(sign['certificate']) ?? '')
  // The leaf is made anew each time.
  same('sign chain', signed.chain.map(shown), chain.length === 0 ? [] : ['new', ...chain.slice(1)])
  same('sign ca', signed.ca ? [signed.ca.fingerprint] : [], await fingerprintsOf(text(sign['ca']) ?? ''))
}

const RUNNERS: Readonly<Record<CaseKind, (row: JsonObject, comparison: Comparison) => void | Promise<void>>> = {
  policy: runPolicy,
  renewal: runRenewal,
  matches: runMatches,
  owners: runOwners,
  defaults: runDefaults,
  annotations: runAnnotations,
  'literal-subject': runLiteralSubject,
  backoff: runBackOff,
  'ca-issuer': runCaIssuer,
  chain: runChain,
  pem: () => undefined,
}

/** Runs one case, given as its line of JSON, and says in what the replay differs. */
export const runCase = async (kind: CaseKind, line: string): Promise<{ readonly id: string; readonly differences: readonly string[] }> => {
  const row = JSON.parse(line) as JsonObject
  const comparison = createComparison()
  await RUNNERS[kind](row, comparison)
  return { id: text(row['id']) ?? '', differences: comparison.differences }
}
