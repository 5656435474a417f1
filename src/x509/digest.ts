import { sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../base/bytes.ts'

/** SHA-256 as lower-case hex. Synchronous, so that decoding needs no waiting. */
export const sha256Hex = (bytes: Uint8Array): string => toHex(sha256(bytes))

/** SHA-1 as lower-case hex: only for key identifiers (RFC 5280 4.2.1.2), never as a proof of anything. */
export const sha1Hex = (bytes: Uint8Array): string => toHex(sha1(bytes))
