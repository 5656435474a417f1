import { append } from '../../base/append.ts'
import type { Extensions } from '../certificate.ts'
import type { DerCursor } from '../der.ts'
import { atEnd, DerError, enter, expectElement, noteRest, optionalElement, tags } from '../der.ts'
import { readOid } from '../oid.ts'
import type { ExtensionInput } from './extension-reader.ts'
import { readGeneralName, readGeneralNames } from './general-name.ts'

const readPointUris = (inside: DerCursor, input: ExtensionInput): readonly string[] => {
  const point = enter(inside, expectElement(inside, tags.sequence, 'DistributionPoint'))
  const nameElement = optionalElement(point, 0xa0)
  optionalElement(point, 0x81)
  optionalElement(point, 0xa2)
  noteRest(point)
  if (!nameElement) return []
  const choice = enter(point, nameElement)
  const fullName = optionalElement(choice, 0xa0)
  if (!fullName) {
    expectElement(choice, 0xa1, 'DistributionPointName')
    noteRest(choice)
    return []
  }
  noteRest(choice)
  return readGeneralNames(enter(choice, fullName), input).flatMap((name) => (name.type === 'uri' ? [name.value] : []))
}

/** RFC 5280 4.2.1.13. Of the distribution points only the URIs are kept. */
export const readCrlDistributionPoints = (input: ExtensionInput): Extensions['crlDistributionPoints'] => {
  const { cursor, critical } = input
  const inside = enter(cursor, expectElement(cursor, tags.sequence, 'cRLDistributionPoints'))
  const start = inside.at
  if (atEnd(inside)) throw new DerError('crl-distribution-points-empty', start)
  const uris: string[] = []
  while (!atEnd(inside)) append(uris, readPointUris(inside, input))
  return { critical, uris }
}

const OCSP = '1.3.6.1.5.5.7.48.1'
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2'

/** RFC 5280 4.2.2.1. */
export const readAuthorityInfoAccess = (input: ExtensionInput): Extensions['authorityInfoAccess'] => {
  const { cursor, critical } = input
  const inside = enter(cursor, expectElement(cursor, tags.sequence, 'authorityInfoAccess'))
  if (atEnd(inside)) throw new DerError('authority-info-access-empty', inside.at)
  const [ocsp, caIssuers]: [string[], string[]] = [[], []]
  while (!atEnd(inside)) {
    const access = enter(inside, expectElement(inside, tags.sequence, 'AccessDescription'))
    const method = readOid(access, 'accessMethod')
    const location = readGeneralName(access, input)
    noteRest(access)
    if (location.type !== 'uri') continue
    if (method === OCSP) ocsp.push(location.value)
    else if (method === CA_ISSUERS) caIssuers.push(location.value)
  }
  if (critical) input.note('aia-critical')
  return { critical, ocsp, caIssuers }
}
