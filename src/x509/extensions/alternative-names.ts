import type { Extensions } from '../certificate.ts'
import { enter, expectElement, tags } from '../der.ts'
import type { ExtensionInput } from './extension-reader.ts'
import { readGeneralNames } from './general-name.ts'

/** RFC 5280 4.2.1.6. */
export const readSubjectAltName = (input: ExtensionInput): Extensions['subjectAltName'] => {
  const { cursor, critical } = input
  const names = readGeneralNames(enter(cursor, expectElement(cursor, tags.sequence, 'subjectAltName')), input)
  if (names.length === 0) {
    input.malformed('empty')
    input.note('subject-alt-name-empty')
  }
  return { critical, names }
}
