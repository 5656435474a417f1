import { toHex } from '../base/bytes.ts'

/** IP addresses as Go's net.IP compares and prints them: in 16 bytes, so that 10.0.0.1 equals ::ffff:10.0.0.1. */

const V4_PREFIX = '00000000000000000000ffff'

const parseV4 = (text: string): string | undefined => {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let out = ''
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255 || (part.length > 1 && part[0] === '0')) return undefined
    out += Number(part).toString(16).padStart(2, '0')
  }
  return out
}

const parseGroups = (text: string): readonly string[] | undefined => {
  if (text === '') return []
  const out: string[] = []
  const groups = text.split(':')
  for (const [index, group] of groups.entries()) {
    if (index === groups.length - 1 && group.includes('.')) {
      const v4 = parseV4(group)
      if (v4 === undefined) return undefined
      out.push(v4.slice(0, 4), v4.slice(4))
    } else if (/^[0-9a-fA-F]{1,4}$/.test(group)) out.push(group.toLowerCase().padStart(4, '0'))
    else return undefined
  }
  return out
}

/**
 * Reads an address (net.ParseIP): no zone, no leading zeros in IPv4.
 * @returns its 16 bytes in hexadecimal, or undefined.
 */
export const parseIp = (text: string): string | undefined => {
  if (text.length > 64) return undefined
  if (!text.includes(':')) {
    const v4 = parseV4(text)
    return v4 === undefined ? undefined : V4_PREFIX + v4
  }
  const gap = text.indexOf('::')
  if (gap < 0) {
    const groups = parseGroups(text)
    return groups?.length === 8 ? groups.join('') : undefined
  }
  const [head, tail] = [parseGroups(text.slice(0, gap)), parseGroups(text.slice(gap + 2))]
  if (!head || !tail || head.length + tail.length > 7 || text.slice(0, gap).includes('.')) return undefined
  return head.join('') + '0000'.repeat(8 - head.length - tail.length) + tail.join('')
}

/** The 16 bytes of an address of 4 or 16 bytes, in hexadecimal; undefined for any other length. */
export const ipKey = (bytes: Uint8Array): string | undefined =>
  bytes.length === 4 ? V4_PREFIX + toHex(bytes) : bytes.length === 16 ? toHex(bytes) : undefined

/** Prints an address given by its key (net.IP.String; RFC 5952). */
export const formatIp = (key: string): string => {
  if (key.startsWith(V4_PREFIX)) return [24, 26, 28, 30].map((at) => parseInt(key.slice(at, at + 2), 16)).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => parseInt(key.slice(index * 4, index * 4 + 4), 16).toString(16))
  let [gapAt, gapLength] = [-1, 1]
  for (let i = 0; i < 8; i++) {
    let end = i
    while (end < 8 && groups[end] === '0') end++
    if (end - i > gapLength) [gapAt, gapLength] = [i, end - i]
  }
  if (gapAt < 0) return groups.join(':')
  return `${groups.slice(0, gapAt).join(':')}::${groups.slice(gapAt + gapLength).join(':')}`
}
