import type { ClientCertificate } from './client-certificate.ts'
import type { ClientExtensionFacts } from './client-extensions.ts'
import type { EncodingEffect } from './encoding-habits.ts'
import { effectOf } from './encoding-habits.ts'
import type { ClientFamily } from './habits.ts'
import { oids } from './oids.ts'

/** One certificate through the eyes of one client family: what it could read, and what it will not do with it. */
export interface ClientView extends ClientExtensionFacts {
  readonly certificate: ClientCertificate
  /** The flaw for which it cannot be parsed. */
  readonly unparsed?: string
  /** The flaw for which OpenSSL takes it for neither issuer nor issued. */
  readonly invalid?: string
  readonly signatureNever?: string
  readonly badDate?: string
  /** The flaw for which a path with it fails. */
  readonly unusable?: string
  /** A flaw whose effect on this client is not known. */
  readonly unsure?: string
  /** A flaw of which it is not known whether this client can parse it. */
  readonly maybeUnparsed?: string
  readonly hasExtensions: boolean
  /** rustls meets malformed name constraints only when it applies them. */
  readonly constraintsBroken?: boolean
}

/** Builds the view; `role` as in the encoding table. */
export const viewOf = (certificate: ClientCertificate, family: ClientFamily, role: 'sent' | 'anchor'): ClientView => {
  const found: Partial<Record<EncodingEffect, string>> = {}
  const unread = new Set<string>()
  for (const flaw of certificate.flaws) {
    const effect = effectOf(flaw, family, role)
    if (!effect) continue
    if (effect === 'unread' && 'oid' in flaw) unread.add(flaw.oid)
    else found[effect] ??= flaw.code
  }
  if (family === 'go') {
    if (certificate.authorityKeyIdentifier?.critical) found.parse ??= 'critical authorityKeyIdentifier'
    if (certificate.subjectKeyIdentifier?.critical) found.parse ??= 'critical subjectKeyIdentifier'
    if (certificate.extensions.some(({ oid, critical }) => critical && oid === oids.authorityInfoAccess))
      found.parse ??= 'critical authorityInfoAccess'
  }
  if (family === 'rustls') {
    const version1 = role === 'anchor' && certificate.version === 1 && certificate.extensions.length === 0
    if (certificate.version !== 3 && !version1) found.parse ??= 'version'
  }
  if (family === 'openssl') {
    const has = (oid: string): boolean => certificate.extensions.some((extension) => extension.oid === oid)
    if (certificate.keyUsage?.bits === 0) found.invalid ??= 'empty keyUsage'
    // RFC 3820: no CA, no alternative names. Any other proxy certificate is not allowed by default.
    if (has(oids.proxyCertInfo)) {
      if (certificate.basicConstraints?.ca === true || has(oids.subjectAltName) || has(oids.issuerAltName))
        found.invalid ??= 'proxy certificate'
      found.use ??= 'proxy certificate'
    }
  }
  const blind = family === 'go' && certificate.version < 3
  const take = <T>(oid: string, value: T | undefined): T | undefined => (blind || unread.has(oid) ? undefined : value)
  const c = certificate
  const basicConstraints = take(oids.basicConstraints, c.basicConstraints)
  const keyUsage = take(oids.keyUsage, c.keyUsage)
  const extendedKeyUsage = take(oids.extendedKeyUsage, c.extendedKeyUsage)
  const netscapeCertType = take(oids.netscapeCertType, c.netscapeCertType)
  const subjectAltName = take(oids.subjectAltName, c.subjectAltName)
  const nameConstraints = take(oids.nameConstraints, c.nameConstraints)
  const subjectKeyIdentifier = take(oids.subjectKeyIdentifier, c.subjectKeyIdentifier)
  const authorityKeyIdentifier = take(oids.authorityKeyIdentifier, c.authorityKeyIdentifier)
  const policies = take(oids.certificatePolicies, c.policies)
  const policyConstraints = take(oids.policyConstraints, c.policyConstraints)
  const policyMappings = take(oids.policyMappings, c.policyMappings)
  const inhibitAnyPolicy = take(oids.inhibitAnyPolicy, c.inhibitAnyPolicy)
  return {
    certificate,
    hasExtensions: !blind && c.extensions.length > 0,
    ...(family === 'rustls' &&
      c.flaws.some((flaw) => flaw.code === 'extension-malformed' && flaw.oid === oids.nameConstraints) && { constraintsBroken: true }),
    ...(found.parse !== undefined && { unparsed: found.parse }),
    ...(found.invalid !== undefined && { invalid: found.invalid }),
    ...(found.signature !== undefined && { signatureNever: found.signature }),
    ...(found.date !== undefined && { badDate: found.date }),
    ...(found.use !== undefined && { unusable: found.use }),
    ...(found['maybe-parse'] !== undefined && { maybeUnparsed: found['maybe-parse'] }),
    ...(found.unsure !== undefined && { unsure: found.unsure }),
    ...(basicConstraints && { basicConstraints }),
    ...(keyUsage && { keyUsage }),
    ...(extendedKeyUsage && { extendedKeyUsage }),
    ...(netscapeCertType && { netscapeCertType }),
    ...(subjectAltName && { subjectAltName }),
    ...(nameConstraints && { nameConstraints }),
    ...(subjectKeyIdentifier && { subjectKeyIdentifier }),
    ...(authorityKeyIdentifier && { authorityKeyIdentifier }),
    ...(policies && { policies }),
    ...(policyConstraints && { policyConstraints }),
    ...(policyMappings && { policyMappings }),
    ...(inhibitAnyPolicy !== undefined && { inhibitAnyPolicy }),
  }
}
