import type { Client } from '../src/x509/clients/client.ts'
import { clients } from '../src/x509/clients/client.ts'
import { encodingHabits, extensionHabits } from '../src/x509/clients/encoding-habits.ts'
import type { EncodingRow } from '../src/x509/clients/encoding-habits.ts'
import type { ClientFamily, ClientHabits } from '../src/x509/clients/habits.ts'
import { habits } from '../src/x509/clients/habits.ts'
import { oids } from '../src/x509/clients/oids.ts'
import { keyHabits, signatureHashes } from '../src/x509/clients/signature-habits.ts'

/** What each field of the habits table means, in the words of the page. A field without a line here fails the making of the page. */
const labels: Readonly<Record<string, string>> = {
  names: 'How an issuer name is compared with a subject: by bytes, or folded as OpenSSL or Java fold them',
  unreadableSent: 'A sent certificate that cannot be parsed',
  unreadableAnchor: 'An anchor that cannot be parsed',
  'search.strategy':
    'How a path is looked for: all branches, the first issuer that fits and no way back, or the list as sent where its names chain',
  'search.authorityKeyIdentifier': 'What the authority key identifier does',
  'search.repeats': 'What counts as the same certificate twice in one path',
  'search.maxIntermediates': 'Most intermediates in a path (Java: only where it builds the path itself)',
  'search.budget': 'Candidates after which the prediction is unknown',
  'search.builderAnchorDates': 'Where it builds the path itself, anchors above the second place must be in their dates',
  'anchor.anyEnds': 'Any anchor ends a path, self-signed or not',
  'anchor.leaf': 'The sent leaf is itself an anchor',
  'anchor.dates': "The anchor's dates count",
  'anchor.basicConstraints': "The anchor's basicConstraints",
  'anchor.keyUsage': "The anchor's keyUsage must allow signing",
  'anchor.pathLength': "The anchor's path length counts",
  'anchor.extendedKeyUsage': "The anchor's extended key usage counts",
  'anchor.nameConstraints': "The anchor's name constraints count",
  'anchor.criticalExtensions': "The anchor's unknown critical extensions count",
  notAfterInclusive: 'The very second of notAfter is valid',
  invertedDates: 'notBefore after notAfter',
  caKeyUsage: 'An issuer with keyUsage needs keyCertSign',
  emptyKeyUsage: 'A keyUsage of zeroes only',
  pathLengthSkips: 'Not counted by the path length',
  leafMayBeCa: 'A leaf with cA true is taken',
  'leafKeyUsage.server': "keyUsage of a server's leaf, one of",
  'leafKeyUsage.client': "keyUsage of a client's leaf, one of",
  netscapeCertType: 'The Netscape certificate type counts',
  'extendedKeyUsage.scope': 'Certificates whose extended key usage must allow the purpose, where they have one',
  'extendedKeyUsage.any': 'anyExtendedKeyUsage allows everything',
  'extendedKeyUsage.serverGatedCrypto': 'Server-gated crypto counts as serverAuth',
  'extendedKeyUsage.emptyRefused': 'An empty extended key usage is refused',
  critical: 'Critical extensions that are processed',
  policies: 'Certificate policies',
  'nameConstraints.selfIssuedExempt': 'Self-issued intermediates are exempt from name constraints',
  'nameConstraints.commonName': 'A CN that looks like a host is held against DNS constraints where there is no dNSName',
  'host.commonName': 'The CN as host name where there is no dNSName',
  strict: 'Checks of X509_V_FLAG_X509_STRICT',
}

const identity = new Set(['client', 'family', 'title', 'source'])
const usageNames = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
]
const oidNames = new Map(Object.entries(oids).map(([name, oid]) => [oid as string, name]))

const shown = (path: string, value: unknown): string => {
  if (value === undefined) return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (path.startsWith('leafKeyUsage.') && typeof value === 'number')
    return usageNames.filter((_, bit) => (value & (1 << bit)) !== 0).join(', ')
  if (Array.isArray(value)) return value.map((oid: unknown) => oidNames.get(String(oid)) ?? String(oid)).join(', ')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value)
}

const valueAt = (row: ClientHabits, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
      row,
    )

const pathsOf = (value: object, prefix = ''): string[] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const path = `${prefix}${key}`
    if (prefix === '' && identity.has(key)) return []
    return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? pathsOf(inner, `${path}.`) : [path]
  })

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => ' --- ').join('|')}|`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
]

const families: readonly ClientFamily[] = ['go', 'openssl', 'java', 'rustls']

const effects: Readonly<Record<string, string>> = {
  parse: 'not parsed',
  invalid: 'neither issues nor is issued',
  signature: 'signature never verifies',
  date: 'date error',
  use: 'a path with it fails',
  unread: 'ignored; not parsed if critical',
  unsure: 'unknown',
  'maybe-parse': 'unknown',
}

const encodingRows = (source: Readonly<Record<string, EncodingRow>>): string[][] =>
  Object.entries(source).map(([code, row]) => {
    const anchor = row.rustls !== row.rustlsAnchor ? (row.rustlsAnchor === undefined ? ' (sent only)' : ' (anchors otherwise)') : ''
    return [
      `\`${code}\``,
      ...families.map((family) => {
        const effect = row[family]
        return effect === undefined ? 'taken' : `${effects[effect] ?? effect}${family === 'rustls' ? anchor : ''}`
      }),
    ]
  })

/** The page docs/clients.md, made from the tables that the code runs on. */
export const clientsDoc = (): string => {
  const rows = clients.map((client) => habits[client])
  const paths = [...new Set(rows.flatMap((row) => pathsOf(row)))]
  const order = Object.keys(labels)
  const unknownPath = paths.find((path) => !order.includes(path))
  if (unknownPath !== undefined) throw new Error(`no label for the habit ${unknownPath}`)
  const differs = (path: string): boolean => new Set(rows.map((row) => shown(path, valueAt(row, path)))).size > 1
  const habitRow = (path: string): string[] => [labels[path] ?? path, ...rows.map((row) => shown(path, valueAt(row, path)))]
  const used = order.filter((path) => paths.includes(path))
  const ranges = families.map((family) => {
    const { rsa, curves, others, compressed } = keyHabits[family]
    const size = Number.isFinite(rsa[1]) ? `${rsa[0]} to ${rsa[1]} bits` : `from ${rsa[0]} bits`
    return [
      family,
      signatureHashes[family].join(', '),
      size,
      curves.join(', '),
      others.map((oid) => oidNames.get(oid) ?? oid).join(', '),
      compressed ? 'yes' : 'no',
    ]
  })
  return [
    '# What each client takes',
    '',
    'Generated from `src/x509/clients/` by `scripts/make-clients-doc.ts`: these are the tables that `predictClients` runs on.',
    '',
    'TLS clients disagree about certificate chains. RFC 5280 tells what a validator should do; this page tells what six of them really do, as far as',
    '`predictClients` knows it. The habits come from the sources named below and were held against the verdicts of the real programs. Where a habit or a',
    'signature is not known, the answer is `unknown`. Revocation is not looked at.',
    '',
    '## Clients',
    '',
    ...table(
      ['name', 'validator', 'read in'],
      clients.map((client: Client) => [`\`${client}\``, habits[client].title, habits[client].source]),
    ),
    '',
    '## Where they differ',
    '',
    ...table(['habit', ...clients], used.filter(differs).map(habitRow)),
    '',
    '## Where they agree',
    '',
    ...table(
      ['habit', 'all'],
      used.filter((path) => !differs(path)).map((path) => [labels[path] ?? path, shown(path, valueAt(rows[0] as ClientHabits, path))]),
    ),
    '',
    '## Signatures and keys of issuers',
    '',
    ...table(['family', 'hashes', 'RSA', 'curves', 'other keys', 'compressed points'], ranges),
    '',
    '## Certificates that are not as RFC 5280 wants them',
    '',
    'What happens to a certificate with the flaw; for the three OpenSSL variants it is the same.',
    '',
    ...table(['flaw', ...families], encodingRows(encodingHabits)),
    '',
    '## Extensions that are not as RFC 5280 wants them',
    '',
    'Only for extensions that the client looks into.',
    '',
    ...table(['flaw', ...families], encodingRows(extensionHabits)),
    '',
  ].join('\n')
}
