/** Bytes as base64 with padding, on one line. */
export function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let offset = 0; offset < bytes.length; offset += 0x4000) binary += String.fromCharCode(...bytes.subarray(offset, offset + 0x4000))
  return btoa(binary)
}

/** UTF-8 text as base64: a value of a Secret's `data`. */
export function base64Text(text: string): string {
  return base64(new TextEncoder().encode(text))
}

/** The text behind a value of a Secret's `data`. Throws where it is no base64. */
export function textOfBase64(value: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(value), (char) => char.charCodeAt(0)))
}

/** A PEM block (RFC 7468): lines of 64, a line end behind the last, as Go's encoding/pem writes it. */
export function pem(label: string, der: Uint8Array): string {
  const lines = base64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.map((line) => `${line}\n`).join('')}-----END ${label}-----\n`
}

/** The single PEM blocks of a text, each with a line end behind it. */
export function pemBlocks(text: string): string[] {
  return (text.match(/-----BEGIN [^-\n]+-----\n[^-]*-----END [^-\n]+-----/g) ?? []).map((block) => `${block}\n`)
}
