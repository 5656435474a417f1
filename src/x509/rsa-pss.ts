import type { AlgorithmIdentifier } from './certificate.ts'
import { readAlgorithm } from './decode-public-key.ts'
import { atEnd, derCursor, DerError, enter, expectElement, noteRest, optionalElement, smallInteger, tags } from './der.ts'

/** RSASSA-PSS-params (RFC 4055 3.1), defaults filled in. Hashes as WebCrypto names them, or the dotted OID. */
export interface PssParameters {
  readonly hash: string
  readonly maskHash: string
  readonly saltLength: number
}

const HASHES: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'SHA-1'],
  ['2.16.840.1.101.3.4.2.1', 'SHA-256'],
  ['2.16.840.1.101.3.4.2.2', 'SHA-384'],
  ['2.16.840.1.101.3.4.2.3', 'SHA-512'],
])

const MGF1 = '1.2.840.113549.1.1.8'

const hashName = (oid: string): string => HASHES.get(oid) ?? oid

/** Reads the parameters of an RSASSA-PSS signature; undefined where they are not what RFC 4055 says. */
export const readPssParameters = ({ parameters }: AlgorithmIdentifier): PssParameters | undefined => {
  if (!parameters) return undefined
  try {
    const cursor = derCursor(parameters)
    const inside = enter(cursor, expectElement(cursor, tags.sequence, 'RSASSA-PSS-params'))
    const hashElement = optionalElement(inside, 0xa0)
    const maskElement = optionalElement(inside, 0xa1)
    const saltElement = optionalElement(inside, 0xa2)
    const trailerElement = optionalElement(inside, 0xa3)
    noteRest(inside)
    const hash = hashElement ? hashName(readAlgorithm(enter(inside, hashElement), 'hash').oid) : 'SHA-1'
    let maskHash = 'SHA-1'
    if (maskElement) {
      const mask = readAlgorithm(enter(inside, maskElement), 'mask generation')
      if (mask.oid !== MGF1 || !mask.parameters) return undefined
      maskHash = hashName(readAlgorithm(derCursor(mask.parameters), 'mask hash').oid)
    }
    const numberIn = (element: typeof saltElement, standard: number): number => {
      if (!element) return standard
      const content = enter(inside, element)
      return smallInteger(content, expectElement(content, tags.integer, 'number'), 'number')
    }
    const saltLength = numberIn(saltElement, 20)
    if (saltLength < 0 || numberIn(trailerElement, 1) !== 1 || !atEnd(cursor) || cursor.notes.trailingData) return undefined
    return { hash, maskHash, saltLength }
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}
