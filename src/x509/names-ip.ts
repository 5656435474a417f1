import { append } from '../base/append.ts'

/** An address block: 4 or 16 bytes each of address and mask. */
export interface IpConstraint {
  readonly address: Uint8Array
  readonly mask: Uint8Array
}

/** RFC 5280 4.2.1.10: address and mask in the manner of CIDR; a mask with a hole in it is malformed. */
export const parseIpConstraint = (bytes: Uint8Array): IpConstraint | undefined => {
  if (bytes.length !== 8 && bytes.length !== 32) return undefined
  const half = bytes.length / 2
  const [address, mask] = [bytes.subarray(0, half), bytes.subarray(half)]
  let open = true
  for (const byte of mask) {
    for (let bit = 7; bit >= 0; bit--) {
      const set = ((byte >> bit) & 1) === 1
      if (set && !open) return undefined
      open = set
    }
  }
  return { address, mask }
}

/** The IPv4 address inside an IPv4-mapped IPv6 one (RFC 4291 2.5.5.2). */
export const mappedIpv4 = (bytes: Uint8Array): Uint8Array | undefined => {
  if (bytes.length !== 16 || bytes[10] !== 0xff || bytes[11] !== 0xff) return undefined
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return undefined
  return bytes.subarray(12)
}

/** Is the address in the block? Addresses of the other family never are. */
export const isInIpBlock = (bytes: Uint8Array, { address, mask }: IpConstraint): boolean => {
  if (bytes.length !== address.length) return false
  for (let i = 0; i < bytes.length; i++)
    if (((bytes[i] as number) & (mask[i] as number)) !== ((address[i] as number) & (mask[i] as number))) return false
  return true
}

const parseIpv4 = (text: string): number[] | undefined => {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  const out: number[] = []
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined
    out.push(Number(part))
  }
  return out
}

const parseGroups = (text: string): number[] | undefined => {
  if (text === '') return []
  const out: number[] = []
  const groups = text.split(':')
  for (const [index, group] of groups.entries()) {
    if (group.includes('.')) {
      const tail = index === groups.length - 1 ? parseIpv4(group) : undefined
      if (!tail) return undefined
      append(out, tail)
      continue
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined
    const value = parseInt(group, 16)
    out.push(value >> 8, value & 0xff)
  }
  return out
}

/** Bytes of an address in its usual text forms (RFC 4291 2.2, dotted quads without leading zeros); undefined for anything else. */
export const parseIpAddress = (text: string): Uint8Array | undefined => {
  if (text.length > 45) return undefined
  if (!text.includes(':')) {
    const quad = parseIpv4(text)
    return quad && Uint8Array.from(quad)
  }
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = [parseGroups(halves[0] ?? ''), parseGroups(halves[1] ?? '')]
  if (!head || !tail) return undefined
  if (halves.length === 1) return head.length === 16 ? Uint8Array.from(head) : undefined
  const gap = 16 - head.length - tail.length
  // An embedded quad may end the address only.
  if (gap < 2 || (halves[0] ?? '').includes('.')) return undefined
  return Uint8Array.from([...head, ...new Array<number>(gap).fill(0), ...tail])
}
