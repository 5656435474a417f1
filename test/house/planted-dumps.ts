import { gzipSync } from 'node:zlib'
import type { PlantedKey } from './key-material.ts'
import { pemOf } from './key-material.ts'

/** One input with private keys in places where they belong, and where they do not. */
export interface PlantedDump {
  readonly name: string
  readonly text: string | Uint8Array
}

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64')
const indent = (text: string, by: number): string => text.trimEnd().replace(/^/gm, ' '.repeat(by))

/** The items of a small cluster whose CA and leaf use the given values of `data`, written as kubectl writes them. */
const cluster = (key: PlantedKey, secret: string): string => `apiVersion: v1
kind: List
metadata:
  resourceVersion: ""
items:
- apiVersion: cert-manager.io/v1
  kind: Issuer
  metadata:
    name: planted-issuer
    namespace: apic
  spec:
    ca:
      secretName: planted
- apiVersion: cert-manager.io/v1
  kind: Certificate
  metadata:
    name: planted
    namespace: apic
  spec:
    commonName: planted
    isCA: true
    issuerRef:
      kind: Issuer
      name: planted-issuer
    privateKey:
      algorithm: ${key.name.startsWith('rsa') ? 'RSA' : key.name.startsWith('ed') ? 'Ed25519' : 'ECDSA'}
    secretName: planted
  status:
    conditions:
    - lastTransitionTime: "2026-01-01T00:00:00Z"
      message: Certificate is up to date and has not expired
      reason: Ready
      status: "True"
      type: Ready
${secret}`

const secretWith = (data: Readonly<Record<string, string>>, extra = ''): string => `- apiVersion: v1
  data:
${Object.entries(data)
  .map(([name, value]) => `    ${name}: ${value}\n`)
  .join('')}  kind: Secret
  metadata:
${extra}    name: planted
    namespace: apic
  type: kubernetes.io/tls
`

/** A request of the planted Certificate, as kubectl writes it. */
const requestWith = (request: string, certificate: string, message: string): string => `- apiVersion: cert-manager.io/v1
  kind: CertificateRequest
  metadata:
    annotations:
      cert-manager.io/certificate-name: planted
      cert-manager.io/certificate-revision: "1"
    name: planted-1
    namespace: apic
    ownerReferences:
    - apiVersion: cert-manager.io/v1
      controller: true
      kind: Certificate
      name: planted
      uid: 00000000-0000-4000-8000-000000000001
  spec:
    issuerRef:
      kind: Issuer
      name: planted-issuer
    request: ${request}
  status:
    ca: ${certificate}
    certificate: ${certificate}
    conditions:
    - lastTransitionTime: "2026-01-01T00:00:00Z"
      message: ${JSON.stringify(message)}
      reason: Failed
      status: "False"
      type: Ready
    failureTime: "2026-01-01T00:00:00Z"
`

/** A tar archive with one file (POSIX ustar). */
const tarOf = (name: string, text: string): Buffer => {
  const content = Buffer.from(text)
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0        0', 136)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([header, content, Buffer.alloc(1024 + ((512 - (content.length % 512)) % 512))])
}

/** The same key in every shape that a dump, a folder or a mistake can give it. */
export const plantedDumps = (key: PlantedKey, another: PlantedKey): readonly PlantedDump[] => {
  const certificate = base64(key.certificate)
  const value = base64(key.pem)
  const data = { 'ca.crt': certificate, 'tls.crt': certificate, 'tls.key': value }
  const whole = cluster(key, secretWith(data))
  const applied = JSON.stringify({ apiVersion: 'v1', kind: 'Secret', data, metadata: { name: 'planted', namespace: 'apic' } })
  const annotation = `    annotations:\n      kubectl.kubernetes.io/last-applied-configuration: |\n        ${applied}\n`
  const plainText = `- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: planted\n    namespace: apic\n  stringData:\n    tls.key: |\n${indent(key.pem, 6)}\n`
  const at = Math.floor(value.length * 0.6)
  const broken = `${value.slice(0, at)}!${value.slice(at)}`
  const wrapped = `|\n${indent(value.replace(/.{76}/g, '$&\n'), 6)}`
  const asJson = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: 'planted', namespace: 'apic' },
    data,
  })
  const combined = base64(key.pem + key.certificate)
  const utf16 = (text: string): Uint8Array => Buffer.from(`\ufeff${text}`, 'utf16le')
  const dumps: Readonly<Record<string, string | Uint8Array>> = {
    'where it belongs': whole,
    'with another certificate': cluster(key, secretWith({ ...data, 'tls.crt': base64(another.certificate) })),
    'with the output formats': cluster(key, secretWith({ ...data, 'tls-combined.pem': combined, 'key.der': base64(key.der) })),
    'with output formats of another key': cluster(
      key,
      secretWith({ ...data, 'tls-combined.pem': base64(another.pem + key.certificate), 'key.der': base64(another.der) }),
    ),
    'under names of its own': cluster(
      key,
      secretWith({ 'server.pem': value, 'private-key': value, id_rsa: base64(key.der), 'keystore.p12': value }),
    ),
    'as tls.crt': cluster(key, secretWith({ ...data, 'tls.crt': value })),
    'as ca.crt': cluster(key, secretWith({ ...data, 'ca.crt': value })),
    'as DER in tls.crt': cluster(key, secretWith({ ...data, 'tls.crt': base64(key.der) })),
    'as raw DER in tls.key': cluster(key, secretWith({ ...data, 'tls.key': base64(key.der) })),
    'among the certificates': cluster(key, secretWith({ ...data, 'tls.crt': base64(key.certificate + key.pem + key.certificate) })),
    'under the label of a certificate': cluster(key, secretWith({ ...data, 'tls.crt': base64(pemOf('CERTIFICATE', key.der)) })),
    'certificate in the place of the key': cluster(key, secretWith({ ...data, 'tls.key': certificate })),
    'encoded twice': cluster(key, secretWith({ ...data, 'tls.key': base64(value) })),
    'not encoded': cluster(key, secretWith({ ...data, 'tls.key': `|\n${indent(key.pem, 6)}` })),
    'in stringData': cluster(key, plainText),
    'in broken base64': cluster(key, secretWith({ ...data, 'tls.key': broken, 'tls.crt': broken })),
    'in cut base64': cluster(key, secretWith({ ...data, 'tls.key': value.slice(0, -7) })),
    'in base64 of several lines': cluster(key, secretWith({ ...data, 'tls.key': wrapped })),
    'with CRLF inside': cluster(key, secretWith({ ...data, 'tls.key': base64(key.pem.replaceAll('\n', '\r\n')) })),
    'damaged inside': cluster(key, secretWith({ ...data, 'tls.key': base64(key.pem.replace('-----END', '-----FIN')) })),
    'in last-applied-configuration': cluster(key, secretWith(data, annotation)),
    'in an annotation of the Certificate': whole.replace(
      '    name: planted\n',
      `    annotations:\n      note: ${JSON.stringify(key.pem)}\n    name: planted\n`,
    ),
    'in a label': whole.replace(
      '    name: planted\n',
      `    labels:\n      ${value.slice(200, 263)}: ${value.slice(263, 320)}\n    name: planted\n`,
    ),
    'in fields of the Certificate': whole.replace(
      '    secretName: planted\n  status',
      `    secretName: planted\n    privateKeyPem: ${JSON.stringify(key.pem)}\n    dnsNames: ${JSON.stringify([value])}\n  status`,
    ),
    'as the name of a key of data': cluster(key, secretWith({ ...data, [value.replace(/[^A-Za-z0-9]/g, 'x')]: 'eA==' })),
    'in a ConfigMap': `${whole}- apiVersion: v1\n  data:\n    key: |\n${indent(key.pem, 6)}\n  kind: ConfigMap\n  metadata:\n    name: planted\n`,
    'two keys of one name': whole.replace(`    tls.key: ${value}\n`, `    tls.key: ${value}\n    tls.key: ${base64(another.pem)}\n`),
    'before an open quote': whole.replace(`    tls.key: ${value}\n`, `    tls.key: ${value}\n    other: "${value}\n`),
    'in an open quote': whole.replace(`    tls.key: ${value}\n`, `    tls.key: "${value}\n`),
    'after a tab': whole.replace(`    tls.key: ${value}\n`, `\ttls.key: ${value}\n`),
    'at the wrong indent': whole.replace(`    tls.key: ${value}\n`, `   tls.key: ${value}\n`),
    'without the colon': whole.replace(`    tls.key: ${value}\n`, `    tls.key ${value}\n`),
    'as an anchor, a tag and an alias': whole.replace(
      `    tls.key: ${value}\n`,
      `    tls.key: &k !${value.replace(/[^A-Za-z0-9]/g, '')} "x"\n    other: *${value.replace(/[^A-Za-z0-9]/g, '')}\n`,
    ),
    'in a log line between objects': whole.replace('- apiVersion: v1\n', `I0101 00:00:00 read ${value}\n- apiVersion: v1\n`),
    'without a kind': `data:\n${Object.entries(data)
      .map(([name, text]) => `  ${name}: ${text}\n`)
      .join('')}metadata:\n  name: planted\n  namespace: apic\ntype: kubernetes.io/tls\n`,
    'as JSON': asJson,
    'as JSON, cut off': asJson.slice(0, asJson.indexOf(value) + value.length - 20),
    'as JSON with a stray character': asJson.replace(`"${value}"`, `"${value}`),
    'cut off behind the key': whole.slice(0, whole.indexOf(value) + value.length),
    'as a request, and as what was issued for it': whole + requestWith(value, value, 'failed'),
    'in the message of a condition': whole + requestWith('eA==', certificate, `Failed to parse key: ${key.pem}`),
    'in a table': `NAME      READY   SECRET\nplanted   True    ${value}\n`,
    'in a description': `Name:         planted\nNamespace:    apic\nType:  kubernetes.io/tls\n\nData\n====\ntls.key:  ${value}\n`,
    'in a gzip': gzipSync(whole),
    'in a tar': tarOf('secrets/planted.yaml', whole),
    'in a tar, as a file of its own': gzipSync(tarOf('tls.key', key.pem)),
    'in UTF-16': utf16(whole),
    'in UTF-16 without its mark': Buffer.from(whole, 'utf16le'),
    'the PEM file itself': key.pem,
    'the DER file itself': key.der,
    'the value itself': value,
    'the PEM file behind a document': `${whole}---\n${key.pem}`,
    'a binary file with the key inside': Buffer.concat([Buffer.from([0, 1, 2, 255]), Buffer.from(key.pem), Buffer.from([0])]),
  }
  return Object.entries(dumps).map(([name, text]) => ({ name, text }))
}
