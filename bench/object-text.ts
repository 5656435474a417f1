import { createHash } from 'node:crypto'

/** Who a Certificate and its Secret are. */
export interface Subject {
  readonly name: string
  readonly namespace: string
  readonly issuer: string
  readonly isCa: boolean
  readonly key: 'RSA' | 'ECDSA'
  readonly names: readonly string[]
}

const CREATED = '2026-06-01T00:00:00Z'

/** Base64 of a text, as the data of a Secret. */
export const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')

/** A UUID that is always the same for the same object. */
const uidOf = (id: string): string =>
  createHash('md5')
    .update(id)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')

/** The end of every object's metadata, in the order in which kubectl prints it. */
export const identity = (kind: string, name: string, namespace: string): string => {
  const uid = uidOf(`${kind}/${namespace}/${name}`)
  return `    name: ${name}
    namespace: ${namespace}
    resourceVersion: "${parseInt(uid.slice(0, 5), 16) + 1000}"
    uid: ${uid}
`
}

const issuer = (name: string, namespace: string, spec: string, condition: string): string =>
  `- apiVersion: cert-manager.io/v1
  kind: Issuer
  metadata:
    creationTimestamp: "${CREATED}"
    generation: 1
${identity('Issuer', name, namespace)}  spec:
${spec}  status:
    conditions:
    - lastTransitionTime: "${CREATED}"
${condition}      status: "True"
      type: Ready
`

/** An Issuer whose Certificates sign themselves. */
export const selfSignedIssuer = (name: string, namespace: string): string =>
  issuer(name, namespace, '    selfSigned: {}\n', '      observedGeneration: 1\n      reason: IsReady\n')

/** An Issuer that signs with the Secret of its own name. */
export const caIssuer = (name: string, namespace: string): string =>
  issuer(
    name,
    namespace,
    `    ca:\n      secretName: ${name}\n`,
    '      message: Signing CA verified\n      observedGeneration: 1\n      reason: KeyPairVerified\n',
  )

const lines = (values: readonly string[]): string => values.map((value) => `    - ${value}\n`).join('')

/** A Certificate that is Ready and agrees with its Secret. */
export const certificateResource = (
  { name, namespace, issuer: issuerName, isCa, key, names }: Subject,
  { notBefore, notAfter }: { readonly notBefore: string; readonly notAfter: string },
): string => {
  const applied = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { annotations: {}, name, namespace },
    spec: { commonName: name, isCA: isCa, issuerRef: { name: issuerName }, secretName: name },
  }
  const usages = isCa
    ? ['digital signature', 'key encipherment', 'cert sign']
    : ['digital signature', 'key encipherment', 'server auth', 'client auth']
  return `- apiVersion: cert-manager.io/v1
  kind: Certificate
  metadata:
    annotations:
      kubectl.kubernetes.io/last-applied-configuration: |
        ${JSON.stringify(applied)}
    creationTimestamp: "${CREATED}"
    generation: 1
${identity('Certificate', name, namespace)}  spec:
    commonName: ${name}
${names.length > 0 ? `    dnsNames:\n${lines(names)}` : ''}    duration: 4392h0m0s
${isCa ? '    isCA: true\n' : ''}    issuerRef:
      kind: Issuer
      name: ${issuerName}
    privateKey:
      algorithm: ${key}
      rotationPolicy: ${isCa ? 'Never' : 'Always'}
      size: ${key === 'RSA' ? 2048 : 256}
    secretName: ${name}
    usages:
${lines(usages)}  status:
    conditions:
    - lastTransitionTime: "${CREATED}"
      message: Certificate is up to date and has not expired
      observedGeneration: 1
      reason: Ready
      status: "True"
      type: Ready
    notAfter: "${notAfter}"
    notBefore: "${notBefore}"
    renewalTime: "2026-10-01T00:00:00Z"
    revision: 1
`
}

/** The Secret of a Certificate, with the annotations that cert-manager writes. */
export const tlsSecret = (
  { name, namespace, issuer: issuerName, names }: Subject,
  pem: { readonly ca: string; readonly certificate: string; readonly key: string },
): string =>
  `- apiVersion: v1
  data:
    ca.crt: ${base64(pem.ca)}
    tls.crt: ${base64(pem.certificate)}
    tls.key: ${base64(pem.key)}
  kind: Secret
  metadata:
    annotations:
      cert-manager.io/alt-names: ${names.length > 0 ? names.join(',') : '""'}
      cert-manager.io/certificate-name: ${name}
      cert-manager.io/common-name: ${name}
      cert-manager.io/ip-sans: ""
      cert-manager.io/issuer-group: ""
      cert-manager.io/issuer-kind: Issuer
      cert-manager.io/issuer-name: ${issuerName}
      cert-manager.io/uri-sans: ""
    creationTimestamp: "${CREATED}"
    labels:
      controller.cert-manager.io/fao: "true"
${identity('Secret', name, namespace)}  type: kubernetes.io/tls
`
