import { goQuote } from '../go-quote.ts'
import type { Policy } from './policy-input.ts'
import { OK, unknownFor, violation } from './policy-input.ts'

const NAME = 'cert-manager.io/issuer-name'
const KIND = 'cert-manager.io/issuer-kind'
const GROUP = 'cert-manager.io/issuer-group'
const CERTIFICATE_NAME = 'cert-manager.io/certificate-name'

/** Check 4: the issuer that the Secret's annotations name is the one of issuerRef. */
export const issuerAnnotations: Policy = (input, { secret }) => {
  if (!secret.metadataKnown) return unknownFor(['annotations'])
  const { annotations } = secret.metadata
  const [name, kind, group] = [annotations[NAME], annotations[KIND], annotations[GROUP]]
  const ref = input.certificate.spec.issuerRef
  const isAnnotated = name !== undefined || kind !== undefined || group !== undefined
  const [effectiveKind, effectiveGroup] = [kind || 'Issuer', group || 'cert-manager.io']
  const matches =
    (input.behaviours.issuerAnnotationsOptional && !isAnnotated ? true : (name ?? '') === (ref?.name ?? '')) &&
    effectiveKind === (ref?.kind ?? 'Issuer') &&
    effectiveGroup === (ref?.group ?? 'cert-manager.io')
  if (matches) return OK
  const former = `${effectiveKind}.${effectiveGroup}/${name ?? ''}`
  const shown = input.behaviours.issuerAnnotationsOptional ? goQuote(former) : former
  return violation('IncorrectIssuer', `Issuing certificate as Secret was previously issued by ${shown}`)
}

/** Check 5: the Secret was written for this Certificate. */
export const certificateNameAnnotation: Policy = (input, { secret }) => {
  if (!secret.metadataKnown) return unknownFor(['annotations'])
  const name = secret.metadata.annotations[CERTIFICATE_NAME]
  if (name === undefined || name === input.certificate.ref.name) return OK
  return violation(
    'IncorrectCertificate',
    `Secret was issued for ${goQuote(name)}. If this message is not transient, you might have two conflicting Certificates pointing to the same secret.`,
  )
}
