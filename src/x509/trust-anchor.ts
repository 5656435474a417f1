import type { Limits } from '../base/limits.ts'
import type { X509Certificate } from './certificate.ts'
import { decodeCertificate } from './decode-certificate.ts'
import type { PathReason } from './path-rejection.ts'
import { readCertificates } from './pem.ts'

/** PEM text, which may hold several certificates, or one certificate's DER (PEM as bytes is taken too). */
export type CertificateInput = string | Uint8Array

/** What a list of inputs held. `first` is what the first input began with: the end-entity certificate of a chain. */
export interface CertificateList {
  readonly certificates: readonly X509Certificate[]
  readonly first?: X509Certificate
  /** Why `first` is not there. */
  readonly firstFailure?: string
  readonly problems: readonly PathReason[]
}

/** Octets of PEM or DER looked at in one list: 20 times the bundle of all public roots, and half a second of reading. */
const MAX_OCTETS = 4 * 1024 * 1024

const SEQUENCE = 0x30

interface Block {
  readonly certificate?: X509Certificate
  readonly failure?: string
}

const readInput = (input: CertificateInput, limits: Limits): readonly Block[] => {
  if (typeof input !== 'string' && input[0] === SEQUENCE) {
    const decoded = decodeCertificate(input, limits)
    return ['certificate' in decoded ? { certificate: decoded.certificate } : { failure: decoded.failure.code }]
  }
  const blocks = readCertificates(input, limits).map((block): Block =>
    'certificate' in block ? { certificate: block.certificate } : { failure: block.failure.code },
  )
  return blocks.length > 0 ? blocks : [{ failure: 'no-pem-block' }]
}

/**
 * Reads a list of inputs. What is no certificate becomes a problem and is passed over, so that one bad block does not take the others along.
 * @param name which option the list is: for the problems
 */
export const readCertificateList = (inputs: readonly CertificateInput[], name: string, limits: Limits): CertificateList => {
  const byFingerprint = new Map<string, X509Certificate>()
  const problems: PathReason[] = []
  let first: Block | undefined
  let octets = 0
  let isCut = false
  for (const [index, input] of inputs.entries()) {
    const room = MAX_OCTETS - octets
    isCut = input.length > room
    if (room <= 0) break
    octets += input.length
    for (const [position, block] of readInput(isCut ? input.slice(0, room) : input, limits).entries()) {
      first ??= block
      if (block.certificate)
        byFingerprint.set(block.certificate.fingerprint, byFingerprint.get(block.certificate.fingerprint) ?? block.certificate)
      else
        problems.push({
          code: 'certificate-unreadable',
          detail: block.failure ?? 'unreadable',
          against: `${name}[${index}], block ${position + 1}`,
        })
    }
  }
  if (isCut) problems.push({ code: 'input-truncated', detail: String(byFingerprint.size), against: name })
  return {
    certificates: [...byFingerprint.values()],
    problems,
    ...(first?.certificate && { first: first.certificate }),
    ...(first?.failure !== undefined && { firstFailure: first.failure }),
  }
}
