import type { Extensions } from '../certificate.ts'
import { contentOf, DerError, enter, expectElement, integerContent, noteRest, optionalElement, tags } from '../der.ts'
import { serialText } from '../serial.ts'
import type { ExtensionInput } from './extension-reader.ts'
import { readGeneralNames } from './general-name.ts'

/** RFC 5280 4.2.1.2. */
export const readSubjectKeyIdentifier = (input: ExtensionInput): Extensions['subjectKeyIdentifier'] => {
  const { cursor, critical } = input
  const keyIdentifier = contentOf(cursor, expectElement(cursor, tags.octetString, 'subjectKeyIdentifier'))
  if (critical) input.note('ski-critical')
  if (keyIdentifier.length === 0) input.note('ski-empty')
  return { critical, keyIdentifier }
}

/** RFC 5280 4.2.1.1. */
export const readAuthorityKeyIdentifier = (input: ExtensionInput): Extensions['authorityKeyIdentifier'] => {
  const { cursor, critical } = input
  const inside = enter(cursor, expectElement(cursor, tags.sequence, 'authorityKeyIdentifier'))
  const keyElement = optionalElement(inside, 0x80)
  const issuerElement = optionalElement(inside, 0xa1)
  const serialElement = optionalElement(inside, 0x82)
  noteRest(inside)
  const issuer = issuerElement && readGeneralNames(enter(inside, issuerElement), input)
  if (issuer?.length === 0) throw new DerError('general-names-empty', issuerElement?.start ?? 0)
  if (critical) input.note('aki-critical')
  if ((issuer === undefined) !== (serialElement === undefined)) input.note('aki-incomplete')
  return {
    critical,
    ...(keyElement && { keyIdentifier: contentOf(inside, keyElement) }),
    ...(issuer && { issuer }),
    ...(serialElement && { serial: serialText(integerContent(inside, serialElement, 'authorityCertSerialNumber')) }),
  }
}
