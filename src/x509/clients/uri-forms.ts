import { addressBytes } from './name-matching.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DIGITS = '0123456789'
const HEX = `${DIGITS}abcdefABCDEF`
const USER_INFORMATION = `${LETTERS}${DIGITS}-._~!$&'()*+,;=:`
const SAFE = `${USER_INFORMATION}/?#@%[]`

/** Whether Go's net/url and Java's java.net.URI read a text; undefined where that is not known here. */
export interface ReadableUri {
  readonly go: boolean | undefined
  readonly java: boolean | undefined
}

const every = (text: string, allowed: string): boolean => [...text].every((char) => allowed.includes(char))
const isControl = (char: string): boolean => char < '\u0020' || char === '\u007f'
const brokenEscape = (text: string): boolean =>
  text
    .split('%')
    .slice(1)
    .some((rest) => rest.length < 2 || !every(rest.slice(0, 2), HEX))

const brackets = (path: string): boolean => /[[\]]/.test(path.split(/[?#]/, 1)[0] ?? '')

/** Go wants labels in the host and digits in the port; Java takes what is no server for the name of a registry. */
const readAuthority = (authority: string): ReadableUri => {
  const unknown: ReadableUri = { go: undefined, java: undefined }
  const at = authority.lastIndexOf('@')
  if (!every(authority.slice(0, Math.max(at, 0)), USER_INFORMATION) || authority.includes('%')) return unknown
  const server = authority.slice(at + 1)
  const strange = [...server].filter((char) => char <= '\u007f' && !SAFE.includes(char))
  if (strange.length > 0) return { go: strange.every((char) => '"<>'.includes(char)) ? undefined : false, java: false }
  if (server.startsWith('[')) {
    const end = server.indexOf(']')
    const port = server.slice(end + 1)
    const plain =
      addressBytes(server.slice(1, end))?.length === 16 && (port === '' || (port.startsWith(':') && every(port.slice(1), DIGITS)))
    return plain ? { go: true, java: true } : unknown
  }
  const [host = '', port = '', more] = server.split(':')
  if (more !== undefined || !every(host, SAFE) || server.includes('[') || server.includes(']')) return unknown
  const rooted =
    host.endsWith('.') &&
    host
      .slice(0, -1)
      .split('.')
      .every((label) => label !== '' && every(label, `${LETTERS}${DIGITS}-`))
  return { go: every(port, DIGITS) && (server === '' || !server.split('.').includes('')), java: !rooted }
}

/** RFC 3986 as Go's url.Parse and RFC 2396 as Java's URI read it, as far as names in certificates go. */
export const readableUri = (text: string): ReadableUri => {
  if ([...text].some(isControl) || brokenEscape(text)) return { go: false, java: false }
  // Java lets through letters beyond ASCII; Go refuses them already as no IA5String.
  const javaCharacters = [...text].every((char) => char > '\u007f' || SAFE.includes(char)) && text.indexOf('#') === text.lastIndexOf('#')
  const first = [...text].findIndex((char) => '/?#:'.includes(char))
  if (first < 0 || text.charAt(first) !== ':') {
    const go = text.startsWith('//') ? readAuthority(text.slice(2).split(/[/?#]/, 1)[0] ?? '').go : true
    return { go, java: false }
  }
  const scheme = text.slice(0, first)
  if (scheme === '' || !LETTERS.includes(scheme.charAt(0)) || !every(scheme, `${LETTERS}${DIGITS}+-.`)) return { go: false, java: false }
  const rest = text.slice(first + 1)
  if (rest === '' || rest === '//') return { go: true, java: false }
  if (!rest.startsWith('//'))
    return { go: true, java: javaCharacters && !rest.startsWith('#') && !(rest.startsWith('/') && brackets(rest)) }
  const authority = rest.slice(2).split(/[/?#]/, 1)[0] ?? ''
  const { go, java } = readAuthority(authority)
  const behind = rest.slice(2 + authority.length)
  if (authority === '' && !behind.startsWith('/')) return { go: undefined, java: undefined }
  return { go, java: java === undefined ? undefined : java && javaCharacters && !brackets(behind) }
}
