import { compareStrings } from '../../base/order.ts'
import type { Outcome } from '../controller-verdict.ts'
import type { OwnedFields, ReadManagedFields } from '../managed-fields.ts'
import { goQuote } from '../go-quote.ts'
import type { Policy, PolicyInput, SecretFacts } from './policy-input.ts'
import { OK, goList, unknownFor, violation } from './policy-input.ts'

const BASE_LABEL = 'controller.cert-manager.io/fao'
const NOT_FROM_CERTIFICATE = ['certificate-name', 'issuer-name', 'issuer-kind', 'issuer-group'].map((key) => `cert-manager.io/${key}`)

const isOwnKey = (key: string): boolean => key.startsWith('cert-manager.io/') || key.startsWith('controller.cert-manager.io/')

const invalidDetails = (facts: SecretFacts): Outcome =>
  violation(
    'InvalidCertificate',
    `Failed getting secret annotations: ${facts.certificate.status === 'unreadable' ? facts.certificate.why : 'certificate unreadable'}`,
  )

const failedToDecode = (facts: SecretFacts): Outcome =>
  violation(
    'InvalidCertificate',
    `Failed to decode stored certificate: ${facts.certificate.status === 'unreadable' ? facts.certificate.why : 'certificate unreadable'}`,
  )

/** A certificate value that is there and cannot be read; an empty one is passed over by the metadata checks. */
const isUnreadable = (facts: SecretFacts): boolean => facts.certificateIsEmpty === false && facts.certificate.status === 'unreadable'

const isUnknown = (facts: SecretFacts): boolean => facts.certificate.status === 'hidden' || facts.certificate.status === 'unknown'

/** The base label has the wrong value; up to v1.12, it is missing. */
export const baseLabels: Policy = (input, facts) => {
  const { secret } = facts
  if (!input.behaviours.strictKeyPair) {
    if (isUnreadable(facts)) return failedToDecode(facts)
    if (!secret.metadataKnown) return unknownFor(['annotations'])
    return secret.metadata.labels[BASE_LABEL] === undefined ? violation('SecretBaseLabelsMissing', `missing base label ${BASE_LABEL}`) : OK
  }
  if (!secret.metadataKnown) return unknownFor(['annotations'])
  const value = secret.metadata.labels[BASE_LABEL]
  return value === undefined || value === 'true'
    ? OK
    : violation('SecretManagedMetadataMismatch', `wrong base label ${BASE_LABEL} value ${goQuote(value)}, expected "true"`)
}

/** An annotation that describes the certificate says something else than the certificate. */
export const detailsAnnotationsMismatch: Policy = (input, facts) => {
  if (isUnreadable(facts)) return invalidDetails(facts)
  if (isUnknown(facts)) return unknownFor(['secret-data'])
  if (!facts.secret.metadataKnown) return unknownFor(['annotations'])
  const { annotations } = facts.secret.metadata
  for (const [key, value] of facts.details() ?? []) {
    const shown = annotations[key]
    if (shown !== undefined && shown !== value) {
      return violation(input.behaviours.detailsAnnotationReason, `Secret metadata ${shown} does not match certificate metadata ${value}`)
    }
  }
  return OK
}

/** Asks a question of the managed fields, where the dump shows them: kubectl hides them unless it is told not to. */
export const askManagedFields = (facts: SecretFacts, ask: (fields: ReadManagedFields) => Outcome): Outcome => {
  if (!facts.managedFieldsShown) return unknownFor(['managed-fields'])
  const fields = facts.managedFields()
  return 'budgetSpent' in fields ? unknownFor(['budget']) : ask(fields)
}

/** The outcome of every managed-field check where the fields cannot be parsed. */
export const malformedFields = (why: string): Outcome =>
  violation('ManagedFieldsParseError', `failed to decode managed fields on Secret: ${why}`)

const sorted = (items: Iterable<string>): string[] => [...items].sort(compareStrings)

const difference = (a: ReadonlySet<string>, b: ReadonlySet<string>): string[] => sorted([...a].filter((item) => !b.has(item)))

const compareKeys = (
  reason: string,
  kind: string,
  what: 'Labels' | 'Annotations',
  expected: ReadonlySet<string>,
  owned: ReadonlySet<string>,
): Outcome | undefined => {
  const missing = difference(expected, owned)
  if (missing.length > 0) return violation(reason, `Secret is missing these ${kind} ${what}: ${goList(missing)}`)
  const extra = difference(owned, expected)
  return extra.length > 0 ? violation(reason, `Secret has these extra ${what}: ${goList(extra)}`) : undefined
}

const filterKeys = (keys: ReadonlySet<string>, keep: (key: string) => boolean): ReadonlySet<string> => new Set([...keys].filter(keep))

/** The labels and annotations that cert-manager owns are exactly those it would write. */
export const managedMetadata: Policy = (_input, facts) =>
  askManagedFields(facts, (fields) => {
    if ('malformed' in fields) return malformedFields(fields.malformed)
    if (isUnreadable(facts)) return invalidDetails(facts)
    if (isUnknown(facts)) return unknownFor(['secret-data'])
    const labels = filterKeys(fields.owned.labels, isOwnKey)
    const annotations = filterKeys(fields.owned.annotations, (key) => isOwnKey(key) && !NOT_FROM_CERTIFICATE.includes(key))
    const reason = 'SecretManagedMetadataMismatch'
    return (
      compareKeys(reason, 'Managed', 'Labels', new Set([BASE_LABEL]), labels) ??
      compareKeys(reason, 'Managed', 'Annotations', new Set((facts.details() ?? []).map(([key]) => key)), annotations) ??
      OK
    )
  })

const templateMismatch = (what: 'Annotations' | 'Labels'): Outcome =>
  violation('SecretTemplateMismatch', `Certificate's SecretTemplate ${what} missing or incorrect value on Secret`)

/** A key of spec.secretTemplate stands on the Secret with another value; up to v1.15 also where it is missing. */
export const templateValues: Policy = (input, { secret }) => {
  const template = input.certificate.spec.secretTemplate
  if (!template) return OK
  if (!secret.metadataKnown) return unknownFor(['annotations'])
  const differs = (wanted: Readonly<Record<string, string>>, shown: Readonly<Record<string, string>>): boolean =>
    Object.keys(wanted).some((key) => (shown[key] === undefined ? input.behaviours.templateKeyMustExist : shown[key] !== wanted[key]))
  if (differs(template.annotations, secret.metadata.annotations)) return templateMismatch('Annotations')
  return differs(template.labels, secret.metadata.labels) ? templateMismatch('Labels') : OK
}

/** Up to v1.12: one comparison of what is owned beside cert-manager's own keys with the template. */
const olderTemplateFields = (input: PolicyInput, facts: SecretFacts, owned: OwnedFields): Outcome => {
  const base = new Set([...(facts.details() ?? []).map(([key]) => key), ...NOT_FROM_CERTIFICATE])
  const labels = filterKeys(owned.labels, (key) => key !== BASE_LABEL)
  const annotations = filterKeys(owned.annotations, (key) => !base.has(key))
  const template = input.certificate.spec.secretTemplate
  if (!template) {
    return labels.size > 0 || annotations.size > 0
      ? violation('SecretTemplateMismatch', 'SecretTemplate is nil, but Secret contains extra managed entries')
      : OK
  }
  const same = (wanted: Readonly<Record<string, string>>, own: ReadonlySet<string>): boolean => {
    const keys = Object.keys(wanted)
    return keys.length === own.size && keys.every((key) => own.has(key))
  }
  return same(template.labels, labels) && same(template.annotations, annotations)
    ? OK
    : violation('SecretTemplateMismatch', "Certificate's SecretTemplate doesn't match Secret")
}

/** The other labels and annotations that cert-manager owns are exactly those of spec.secretTemplate. */
export const templateManagedFields: Policy = (input, facts) => {
  if (!input.behaviours.strictKeyPair) {
    if (isUnreadable(facts)) return failedToDecode(facts)
    if (isUnknown(facts)) return unknownFor(['secret-data'])
  }
  return askManagedFields(facts, (fields) => {
    if ('malformed' in fields) return malformedFields(fields.malformed)
    if (!input.behaviours.strictKeyPair) return olderTemplateFields(input, facts, fields.owned)
    const template = input.certificate.spec.secretTemplate
    const foreign = (keys: ReadonlySet<string>): ReadonlySet<string> => filterKeys(keys, (key) => !isOwnKey(key))
    const reason = 'SecretTemplateMismatch'
    return (
      compareKeys(reason, 'Template', 'Labels', new Set(Object.keys(template?.labels ?? {})), foreign(fields.owned.labels)) ??
      compareKeys(
        reason,
        'Template',
        'Annotations',
        new Set(Object.keys(template?.annotations ?? {})),
        foreign(fields.owned.annotations),
      ) ??
      OK
    )
  })
}
