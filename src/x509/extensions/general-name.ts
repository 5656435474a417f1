import { toHex } from '../../base/bytes.ts'
import type { GeneralName } from '../certificate.ts'
import { nameFrom } from '../decode-name.ts'
import type { DerCursor, DerElement } from '../der.ts'
import { atEnd, contentOf, DerError, encodingOf, enter, expectElement, noteRest, readElement, tags } from '../der.ts'
import { oidText, readOid } from '../oid.ts'
import { decodeString, showString } from '../string-types.ts'
import type { ExtensionInput } from './extension-reader.ts'
import { ipText, prefixLength, subnetText } from './ip-text.ts'

/** Where a name stands: an iPAddress of a name constraint has a mask behind the address. */
type Place = 'name' | 'constraint'

const ia5 = (cursor: DerCursor, element: DerElement, input: ExtensionInput, what: string): string => {
  const bytes = contentOf(cursor, element)
  const text = decodeString(tags.ia5String, bytes)
  if (text === undefined) input.malformed(`${what} not IA5String`)
  return text ?? showString(tags.ia5String, bytes)
}

const readOther = (cursor: DerCursor, element: DerElement): GeneralName => {
  const inside = enter(cursor, element)
  const oid = readOid(inside, 'otherName type')
  const wrapper = expectElement(inside, 0xa0, 'otherName value')
  noteRest(inside)
  const bytes = contentOf(inside, wrapper)
  const content = enter(inside, wrapper)
  const value = readElement(content)
  noteRest(content)
  return { type: 'other', oid, bytes, value: decodeString(value.tag, contentOf(content, value)) ?? `#${toHex(bytes)}` }
}

const readIp = (cursor: DerCursor, element: DerElement, input: ExtensionInput, place: Place): GeneralName => {
  const bytes = contentOf(cursor, element)
  const text = place === 'name' ? ipText(bytes) : subnetText(bytes)
  if (text === undefined) input.malformed('iPAddress length')
  else if (place === 'constraint' && prefixLength(bytes.subarray(bytes.length / 2)) === undefined) input.malformed('iPAddress mask')
  return { type: 'ip', value: text ?? `#${toHex(bytes)}`, bytes }
}

const readDirectory = (cursor: DerCursor, element: DerElement, input: ExtensionInput): GeneralName => {
  const inside = enter(cursor, element)
  const name = nameFrom(inside, expectElement(inside, tags.sequence, 'directoryName'), (flaw) => input.note(flaw))
  noteRest(inside)
  return { type: 'directory', name, value: name.text }
}

/** Reads one GeneralName (RFC 5280 4.2.1.6). Throws DerError where its structure is broken. */
export const readGeneralName = (cursor: DerCursor, input: ExtensionInput, place: Place = 'name'): GeneralName => {
  const element = readElement(cursor)
  switch (element.tag) {
    case 0xa0:
      return readOther(cursor, element)
    case 0x81:
      return { type: 'email', value: ia5(cursor, element, input, 'rfc822Name') }
    case 0x82:
      return { type: 'dns', value: ia5(cursor, element, input, 'dNSName') }
    case 0xa3:
      return { type: 'x400', value: `#${toHex(encodingOf(cursor, element))}` }
    case 0xa4:
      return readDirectory(cursor, element, input)
    case 0xa5:
      return { type: 'edi', value: `#${toHex(encodingOf(cursor, element))}` }
    case 0x86:
      return { type: 'uri', value: ia5(cursor, element, input, 'uniformResourceIdentifier') }
    case 0x87:
      return readIp(cursor, element, input, place)
    case 0x88:
      return { type: 'registered-id', value: oidText(cursor, element) }
    default:
      throw new DerError('general-name-invalid', element.start)
  }
}

/** Reads the content of a GeneralNames SEQUENCE, at most `input.names` of them. */
export const readGeneralNames = (inside: DerCursor, input: ExtensionInput): readonly GeneralName[] => {
  const names: GeneralName[] = []
  while (!atEnd(inside)) {
    if (names.length >= input.names) {
      input.note('names-over-limit')
      break
    }
    names.push(readGeneralName(inside, input))
  }
  // No room left over: nearly all have one or two.
  return names.slice()
}
