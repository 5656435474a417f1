import type { Phrase } from '../base/phrase.ts'
import type { Message } from './report.ts'

const isHidden = (code: number): boolean =>
  code < 0x20 ||
  (code >= 0x7f && code < 0xa0) ||
  (code >= 0x200b && code <= 0x200f) ||
  (code >= 0x2028 && code <= 0x202e) ||
  (code >= 0x2060 && code <= 0x206f) ||
  code === 0xfeff ||
  code === 0xad ||
  (code >= 0xd800 && code <= 0xdfff) ||
  (code >= 0xfff9 && code <= 0xfffb)

/**
 * Makes what a terminal or an editor would act on visible: control characters, directional marks, zero-width characters and lone
 * surrogates become `\u{…}`. A text without any of them is returned as it is.
 */
export const visible = (text: string): string => {
  let from = 0
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const isPair = code >= 0xd800 && code < 0xdc00 && i + 1 < text.length && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00
    if (isPair) {
      i++
      continue
    }
    if (!isHidden(code)) continue
    out += `${text.slice(from, i)}\\u{${code.toString(16)}}`
    from = i + 1
  }
  return from === 0 ? text : out + text.slice(from)
}

/** A value that is quoted in a sentence is cut at this many characters; the object it came from is named beside it. */
const LONGEST_VALUE = 600

const cut = (value: string): string => (value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value)

/** A phrase as a message of the report: plain text beside the parts, so that renderers can escape values in their own way. */
export const toMessage = (phrase: Phrase): Message => {
  const parts = phrase.map((part) => (typeof part === 'string' ? part : { value: cut(part.value) }))
  return { text: parts.map((part) => (typeof part === 'string' ? part : visible(part.value))).join(''), parts }
}
