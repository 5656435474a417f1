/** One AttributeTypeAndValue (RFC 5280 4.1.2.4). `tag` is the ASN.1 string type's universal tag number, `bytes` its content. */
export interface NameAttribute {
  readonly oid: string
  readonly tag: number
  readonly bytes: Uint8Array
  readonly value: string
}

/** A distinguished name. Identity for raw comparison is `der`; `rdns` keeps the encoded order. */
export interface Name {
  readonly der: Uint8Array
  readonly rdns: readonly (readonly NameAttribute[])[]
  /** RFC 4514 text, last RDN first: `CN=abc,O=def`. */
  readonly text: string
  /** Key under which names are equal by RFC 5280 7.1 (case and inner blanks folded, string type ignored where RFC 4518 does). */
  readonly normalized: string
}
