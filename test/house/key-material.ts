import type { KeyObject } from 'node:crypto'
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto'

/** A private key in one of the forms that cert-manager and administrators write, with the bytes that nobody may ever see again. */
export interface PlantedKey {
  readonly name: string
  readonly pem: string
  readonly der: Buffer
  /** The numbers of the key that are not public: d, and for RSA the factors and what follows from them. */
  readonly secrets: readonly Buffer[]
  readonly certificate: string
}

const generators: readonly (readonly [string, () => KeyObject])[] = [
  ['rsa-2048', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ['rsa-3072', () => generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey],
  ['ecdsa-p256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['ecdsa-p384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['ecdsa-p521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
  ['ed25519', () => generateKeyPairSync('ed25519').privateKey],
]

const secretsOf = (key: KeyObject): readonly Buffer[] => {
  const jwk = key.export({ format: 'jwk' })
  return (['d', 'p', 'q', 'dp', 'dq', 'qi'] as const).flatMap((name) =>
    typeof jwk[name] === 'string' ? [Buffer.from(jwk[name], 'base64url')] : [],
  )
}

const formsOf = (key: KeyObject): readonly ('pkcs1' | 'sec1' | 'pkcs8')[] =>
  key.asymmetricKeyType === 'rsa' ? ['pkcs1', 'pkcs8'] : key.asymmetricKeyType === 'ec' ? ['sec1', 'pkcs8'] : ['pkcs8']

const tlv = (tag: number, ...contents: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(contents)
  const { length } = content
  const header = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...header]), content])
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

/** The smallest certificate that a strict reader takes: self-signed, version 3, a CA. */
const certificateOf = (key: KeyObject, commonName: string): string => {
  const algorithm = {
    rsa: hex('300d06092a864886f70d01010b0500'),
    ec: hex('300a06082a8648ce3d040302'),
    ed25519: hex('300506032b6570'),
  }[key.asymmetricKeyType as 'rsa' | 'ec' | 'ed25519']
  const name = tlv(0x30, tlv(0x31, tlv(0x30, hex('0603550403'), tlv(0x0c, Buffer.from(commonName)))))
  const validity = tlv(0x30, tlv(0x17, Buffer.from('260101000000Z')), tlv(0x17, Buffer.from('360101000000Z')))
  const extensions = tlv(0xa3, tlv(0x30, hex('300f0603551d130101ff040530030101ff'), hex('300e0603551d0f0101ff040403020204')))
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const body = tlv(0x30, tlv(0xa0, hex('020102')), hex('02021234'), algorithm, name, validity, name, spki, extensions)
  const signature = sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', body, key)
  return pemOf('CERTIFICATE', tlv(0x30, body, algorithm, tlv(0x03, Buffer.from([0]), signature)))
}

/** RFC 7468: 64 characters a line. */
export const pemOf = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`

/** One key of every type and in every form: PKCS#1 and SEC1 as cert-manager writes them by default, PKCS#8 for all. */
export const plantKeys = (): readonly PlantedKey[] =>
  generators.flatMap(([name, generate]) => {
    const key = generate()
    const certificate = certificateOf(key, `planted ${name}`)
    return formsOf(key).map((type) => ({
      name: `${name}-${type}`,
      pem: key.export({ type, format: 'pem' }).toString(),
      der: key.export({ type: type as 'pkcs8', format: 'der' }),
      secrets: secretsOf(key),
      certificate,
    }))
  })
