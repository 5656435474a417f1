import type { Extensions, GeneralSubtree, KeyUsageName } from '../certificate.ts'
import type { DerCursor } from '../der.ts'
import {
  atEnd,
  bitStringContent,
  DerError,
  enter,
  expectElement,
  noteRest,
  optionalElement,
  peekTag,
  readBoolean,
  smallInteger,
  tags,
  readEach,
} from '../der.ts'
import { readOid } from '../oid.ts'
import type { ExtensionInput } from './extension-reader.ts'
import { readGeneralName } from './general-name.ts'

/** RFC 5280 4.2.1.9. */
export const readBasicConstraints = (input: ExtensionInput): Extensions['basicConstraints'] => {
  const { cursor, critical } = input
  const inside = enter(cursor, expectElement(cursor, tags.sequence, 'basicConstraints'))
  let ca = false
  if (peekTag(inside) === tags.boolean) {
    ca = readBoolean(inside, 'cA')
    if (!ca) input.note('basic-constraints-default-encoded')
  }
  const element = optionalElement(inside, tags.integer)
  const pathLength = element && smallInteger(inside, element, 'pathLenConstraint')
  noteRest(inside)
  if (pathLength !== undefined && pathLength < 0) throw new DerError('path-length-negative', element?.start ?? 0)
  return { critical, ca, ...(pathLength !== undefined && { pathLength }) }
}

const USAGES: readonly KeyUsageName[] = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

/** RFC 5280 4.2.1.3. Bits that have no name are passed over. */
export const readKeyUsage = (input: ExtensionInput): Extensions['keyUsage'] => {
  const { cursor, critical } = input
  const { bits, unused } = bitStringContent(cursor, expectElement(cursor, tags.bitString, 'keyUsage'), 'keyUsage')
  const usages = USAGES.filter(
    (_, bit) => bit < bits.length * 8 - unused && ((bits[bit >> 3] as number) & (0x80 >> (bit & 7))) !== 0,
  ).slice()
  if (usages.length === 0) input.note('key-usage-empty')
  // X.690 11.2.2: a list of named bits ends with a bit that is set.
  else if (((bits[bits.length - 1] as number) & (1 << unused)) === 0) input.note('key-usage-not-minimal')
  return { critical, usages }
}

const readPurpose = (inside: DerCursor): string => readOid(inside, 'KeyPurposeId')

/** RFC 5280 4.2.1.12. */
export const readExtendedKeyUsage = (input: ExtensionInput): Extensions['extendedKeyUsage'] => {
  const { cursor, critical } = input
  const inside = enter(cursor, expectElement(cursor, tags.sequence, 'extKeyUsage'))
  const purposes = readEach(inside, readPurpose)
  if (purposes.length === 0) {
    input.malformed('empty')
    input.note('extended-key-usage-empty')
  }
  return { critical, purposes }
}

const readDistance = (inside: DerCursor, tag: number): number | undefined => {
  const element = optionalElement(inside, tag)
  return element && smallInteger(inside, element, 'BaseDistance')
}

const readSubtrees = (inside: DerCursor, input: ExtensionInput): readonly GeneralSubtree[] => {
  const out: GeneralSubtree[] = []
  while (!atEnd(inside)) {
    if (out.length >= input.names) {
      input.note('names-over-limit')
      break
    }
    const subtree = enter(inside, expectElement(inside, tags.sequence, 'GeneralSubtree'))
    const base = readGeneralName(subtree, input, 'constraint')
    const minimum = readDistance(subtree, 0x80)
    const maximum = readDistance(subtree, 0x81)
    noteRest(subtree)
    if (minimum === 0) input.note('name-constraints-default-encoded')
    if ((minimum ?? 0) !== 0 || maximum !== undefined) input.note('name-constraints-distance')
    out.push({ base, ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) })
  }
  if (out.length === 0) input.malformed('empty subtrees')
  return out
}

/** RFC 5280 4.2.1.10. */
export const readNameConstraints = (input: ExtensionInput): Extensions['nameConstraints'] => {
  const { cursor, critical } = input
  const inside = enter(cursor, expectElement(cursor, tags.sequence, 'nameConstraints'))
  const permittedElement = optionalElement(inside, 0xa0)
  const excludedElement = optionalElement(inside, 0xa1)
  noteRest(inside)
  const permitted = permittedElement && readSubtrees(enter(inside, permittedElement), input)
  const excluded = excludedElement && readSubtrees(enter(inside, excludedElement), input)
  if (!permitted && !excluded) {
    input.malformed('empty')
    input.note('name-constraints-empty')
  }
  return { critical, ...(permitted && { permitted }), ...(excluded && { excluded }) }
}
