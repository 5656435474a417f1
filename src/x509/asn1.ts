import * as asn1js from 'asn1js'

/**
 * The one home of asn1js. Certificates are decoded by our own reader (der.ts), also where they are BER; asn1js makes the values that
 * pkijs wants, and reads the same bytes a second time in tests.
 */

/** A BIT STRING as pkijs takes signatures. */
export const toAsn1BitString = (bits: Uint8Array): asn1js.BitString => new asn1js.BitString({ valueHex: bits.slice().buffer })

/** One node of what asn1js read: identifier octet, offsets, and what is inside of a constructed one. */
export interface Asn1Node {
  /** Class, constructed bit and number as in a one-octet identifier. */
  readonly tag: number
  readonly length: number
  readonly children: readonly Asn1Node[]
}

const toNode = (block: asn1js.AsnType, depth: number): Asn1Node | undefined => {
  if (depth > 64) return undefined
  const { idBlock } = block
  const children: Asn1Node[] = []
  if (block instanceof asn1js.Constructed)
    for (const child of block.valueBlock.value) {
      const node = toNode(child, depth + 1)
      if (!node) return undefined
      children.push(node)
    }
  return {
    tag: ((idBlock.tagClass - 1) << 6) | (idBlock.isConstructed ? 0x20 : 0) | idBlock.tagNumber,
    length: block.blockLength,
    children,
  }
}

/** The tree that asn1js sees in DER or BER bytes; undefined where it sees none, or where bytes are left over. */
export const readAsn1Tree = (bytes: Uint8Array): Asn1Node | undefined => {
  const { offset, result } = asn1js.fromBER(bytes.slice().buffer)
  return offset === bytes.length && result.error === '' ? toNode(result, 0) : undefined
}
