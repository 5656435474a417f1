import type { GeneralName, X509Certificate } from './certificate.ts'
import { parseDnsName } from './names-dns.ts'
import { parseIpAddress } from './names-ip.ts'
import { parseMailbox } from './names-mailbox.ts'
import { isJudgedForm } from './names-forms.ts'
import type { PathFinding } from './path.ts'

type Note = (code: string, detail?: string) => void

/** Findings kept of one certificate: a list of ten thousand odd names says no more than the first few. */
const MAX_FINDINGS = 32

const POLICY_CONSTRAINTS = '2.5.29.36'
const AUTHORITY_INFO_ACCESS = '1.3.6.1.5.5.7.1.1'
const POLICIES: ReadonlySet<string> = new Set(['2.5.29.32', '2.5.29.33', POLICY_CONSTRAINTS, '2.5.29.54'])

/** Preferred name syntax (RFC 5280 4.2.1.6; RFC 1123 2.1): letters, digits and inner hyphens. */
const isPreferredSyntax = (name: string): boolean =>
  name.split('.').every((label) => !label.includes('_') && !label.startsWith('-') && !label.endsWith('-'))

const dnsNameFindings = (value: string, note: Note): void => {
  if (parseIpAddress(value)) note('san-dns-is-address', value)
  else if (!parseDnsName(value)) note('san-dns-malformed', value)
  else if (!isPreferredSyntax(value)) note('san-dns-syntax', value)
  if (value === '*' || (value.startsWith('*.') && !value.slice(2).includes('.'))) note('san-dns-wildcard-too-wide', value)
}

const nameFindings = (name: GeneralName, note: Note): void => {
  if (name.type === 'dns') dnsNameFindings(name.value, note)
  if (name.type === 'email' && !parseMailbox(name.value)) note('san-email-malformed', name.value)
}

const subjectAltNameFindings = ({ extensions, subject }: X509Certificate, note: Note): void => {
  const san = extensions.subjectAltName
  if (!san) return
  for (const name of san.names) nameFindings(name, note)
  if (san.critical && subject.rdns.length > 0) note('san-critical')
}

const nameConstraintFindings = ({ extensions }: X509Certificate, note: Note): void => {
  const constraints = extensions.nameConstraints
  for (const { base } of [...(constraints?.permitted ?? []), ...(constraints?.excluded ?? [])]) {
    if (base.type === 'dns' && base.value.startsWith('.')) note('name-constraints-leading-dot', base.value)
    if (!isJudgedForm(base.type)) note('name-constraints-form', base.type)
  }
}

const keyFindings = ({ publicKey, extensions }: X509Certificate, note: Note): void => {
  if (publicKey.algorithm === 'other') note('key-algorithm-unusual', publicKey.oid)
  else if (publicKey.algorithm === 'ECDSA' && !publicKey.curve?.startsWith('P-'))
    note('key-curve-unusual', publicKey.curve ?? publicKey.oid)
  const { basicConstraints, keyUsage } = extensions
  if (basicConstraints?.ca && keyUsage && !keyUsage.usages.includes('keyCertSign')) note('ca-without-key-cert-sign')
}

const extensionFindings = ({ rawExtensions, version }: X509Certificate, note: Note): void => {
  if (version !== 3) note('version-not-3', String(version))
  for (const { oid, critical, malformed } of rawExtensions) {
    if (malformed && oid === AUTHORITY_INFO_ACCESS) note('aia-malformed')
    if (critical && oid === AUTHORITY_INFO_ACCESS) note('aia-critical')
    if (!critical && oid === POLICY_CONSTRAINTS) note('policy-constraints-not-critical')
    if (POLICIES.has(oid)) note('policies-not-evaluated', oid)
  }
}

/**
 * Remarks on certificates that are not reasons: what the decoder noted (certificate-problem.ts), and rules of RFC 5280's profile that
 * concern names, keys and extensions. Without doubles, certificate by certificate.
 */
export const findingsOf = (certificates: readonly X509Certificate[]): readonly PathFinding[] =>
  certificates.flatMap((certificate) => {
    const found = new Map<string, PathFinding>()
    const note: Note = (code, detail) => {
      if (found.size >= MAX_FINDINGS) return
      const finding = {
        code,
        certificate: certificate.fingerprint,
        subject: certificate.subject.text,
        ...(detail !== undefined && { detail }),
      }
      const key = `${code}/${detail ?? ''}`
      if (!found.has(key)) found.set(key, finding)
    }
    for (const { code, detail } of certificate.problems) note(code, detail)
    for (const add of [subjectAltNameFindings, nameConstraintFindings, keyFindings, extensionFindings]) add(certificate, note)
    return [...found.values()]
  })
