import type { FoundObject } from './found-object.ts'
import type { Json, JsonObject } from './raw-object.ts'
import { decodeText, findNewline } from './read-lines.ts'

/** Does anybody ask for this value of a Secret's data? `size` is the length of its text. */
export type KeepData = (type: string, key: string, size: number) => boolean

/** Types of Secrets that other controllers own and that never hold what cert-manager issued. */
const FOREIGN_TYPES = new Set([
  'helm.sh/release.v1',
  'kubernetes.io/service-account-token',
  'kubernetes.io/dockerconfigjson',
  'kubernetes.io/dockercfg',
  'bootstrap.kubernetes.io/token',
])

/** What an analysis of certificates needs: everything of the Secrets that may be concerned, and no value of those that cannot be. */
export const keepCertificateData: KeepData = (type) => !FOREIGN_TYPES.has(type)

/** Bytes that a base64 text of this length stands for. */
const decodedSize = (length: number, padding: number): number => Math.max(0, Math.floor((length * 3) / 4) - padding)

const paddingOf = (text: string): number => (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)

/** A Secret without the values nobody asks for, and the sizes of those. */
export const dropData = (
  value: JsonObject,
  keep: KeepData,
): { readonly value: JsonObject; readonly keysWithoutValue: Readonly<Record<string, number | null>> | undefined } => {
  const data = value['data']
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { value, keysWithoutValue: undefined }
  const type = typeof value['type'] === 'string' ? value['type'] : ''
  const kept: [string, Json][] = []
  const dropped: [string, number][] = []
  for (const [key, item] of Object.entries(data as JsonObject)) {
    if (typeof item === 'string' && !keep(type, key, item.length)) dropped.push([key, decodedSize(item.length, paddingOf(item))])
    else kept.push([key, item])
  }
  if (dropped.length === 0) return { value, keysWithoutValue: undefined }
  return { value: { ...value, data: Object.fromEntries(kept) }, keysWithoutValue: Object.fromEntries(dropped) }
}

/** Values shorter than this are not worth a copy of the rest. */
const LONG_VALUE = 512

const startsWith = (bytes: Uint8Array, at: number, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

/**
 * Cuts long values that nobody asks for out of a Secret's YAML before it is decoded: strings are slices of the text that they were read
 * from, and would keep all of it in memory.
 * @returns undefined where there is nothing to cut
 */
export const cutData = (
  { bytes, keys, indent }: FoundObject,
  keep: KeepData,
): { readonly bytes: Uint8Array; readonly keysWithoutValue: Readonly<Record<string, number>> } | undefined => {
  const lineOf = (name: string): number => keys.findIndex((key) => startsWith(bytes, bytes[key] === 32 ? key + indent : key, name))
  const [dataKey, typeKey] = [lineOf('data:'), lineOf('type:')]
  if (dataKey < 0 || typeKey < 0) return undefined
  const valueOf = (at: number): string => decodeText(bytes.subarray(at, Math.max(at, findNewline(bytes, at))))
  const type = valueOf(keys[typeKey] as number)
    .trim()
    .slice('type:'.length)
    .trim()
  const end = keys[dataKey + 1] ?? bytes.length
  const kept: Uint8Array[] = []
  const dropped: [string, number][] = []
  let from = 0
  for (let pos = findNewline(bytes, keys[dataKey] as number) + 1; pos > 0 && pos < end;) {
    const newline = findNewline(bytes, pos)
    if (newline < 0) break
    const start = pos + indent + 2
    if (newline - pos > LONG_VALUE && bytes[start - 1] === 32 && bytes[start] !== 32) {
      const colon = bytes.indexOf(58, start)
      const length = newline - colon - 2
      const key = decodeText(bytes.subarray(start, Math.min(colon, start + 300)))
      const whole = newline + 1 >= end || bytes[newline + indent + 3] !== 32
      const isPlain = bytes[colon + 1] === 32 && /^[A-Za-z0-9+/]$/.test(String.fromCharCode(bytes[colon + 2] as number))
      if (whole && isPlain && /^[A-Za-z0-9._-]+$/.test(key) && !keep(type, key, length)) {
        const padding = bytes[newline - 1] === 61 ? (bytes[newline - 2] === 61 ? 2 : 1) : 0
        dropped.push([key, decodedSize(length, padding)])
        kept.push(bytes.subarray(from, pos))
        from = newline + 1
      }
    }
    pos = newline + 1
  }
  if (dropped.length === 0) return undefined
  kept.push(bytes.subarray(from))
  const out = new Uint8Array(kept.reduce((sum, part) => sum + part.length, 0))
  let length = 0
  for (const part of kept) {
    out.set(part, length)
    length += part.length
  }
  return { bytes: out, keysWithoutValue: Object.fromEntries(dropped) }
}
