import { withoutKeyText } from '../base/key-text.ts'
import type { Phrase } from '../base/phrase.ts'
import type { Message } from './report.ts'

/**
 * Controls, formats, lone surrogates, line and paragraph separators, and what a font shows as nothing: fillers, variation selectors, tags.
 * By Unicode's own properties, so that no character is forgotten.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * Makes what a terminal or an editor would act on, or show as nothing, visible: it becomes `\u{…}`. A text without any of it is returned
 * as it is.
 */
export const visible = (text: string): string => text.replace(HIDDEN, (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16)}}`)

/** A value that is quoted in a sentence is cut at this many characters; the object it came from is named beside it. */
const LONGEST_VALUE = 600

const BEGIN = '-----BEGIN '
const KEY = 'PRIVATE KEY-----'

/** A value quoted from the input may hold a private key (a condition's message, say): it goes from BEGIN to END, or to the end of the value. */
const withoutKeys = (value: string): string => {
  let out = ''
  let from = 0
  for (let begin = value.indexOf(BEGIN); begin >= 0; begin = value.indexOf(BEGIN, from)) {
    const label = value.indexOf('-----', begin + BEGIN.length)
    const isKey = label < 0 || value.slice(begin + BEGIN.length, label + 5).endsWith(KEY)
    if (!isKey) {
      out += value.slice(from, label)
      from = label
      continue
    }
    const end = value.indexOf('-----END ', begin)
    const close = end < 0 ? -1 : value.indexOf('-----', end + 9)
    out += `${value.slice(from, begin)}(private key)`
    from = close < 0 ? value.length : close + 5
  }
  return from === 0 ? value : out + value.slice(from)
}

/** Longer runs of base64 are certificates, keys and tokens: no sentence needs them, and a key may be among them. */
const LONGEST_RUN = 100

const isBase64 = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x2b ||
  code === 0x2f ||
  code === 0x2d ||
  code === 0x5f ||
  code === 0x3d

const withoutLongRuns = (value: string): string => {
  let out = ''
  let from = 0
  let start = 0
  for (let i = 0; i <= value.length; i++) {
    if (i < value.length && isBase64(value.charCodeAt(i))) continue
    if (i - start > LONGEST_RUN) {
      out += `${value.slice(from, start)}(${i - start} characters)`
      from = i
    }
    start = i + 1
  }
  return from === 0 ? value : out + value.slice(from)
}

const cut = (value: string): string => {
  const safe = withoutKeyText(withoutLongRuns(withoutKeys(value)))
  return safe.length > LONGEST_VALUE ? `${safe.slice(0, LONGEST_VALUE)}…` : safe
}

/** A phrase as a message of the report: plain text beside the parts, so that renderers can escape values in their own way. */
export const toMessage = (phrase: Phrase): Message => {
  const parts = phrase.map((part) => (typeof part === 'string' ? part : { value: cut(part.value) }))
  return { text: parts.map((part) => (typeof part === 'string' ? part : visible(part.value))).join(''), parts }
}
