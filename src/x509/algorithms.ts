/** A signature algorithm that has a name here. `hash` is WebCrypto's name of the digest, where WebCrypto has the algorithm at all. */
export interface SignatureScheme {
  readonly name: string
  /** The kind of key that makes such signatures. */
  readonly key: 'RSA' | 'ECDSA' | 'Ed25519' | 'Ed448' | 'DSA' | 'ML-DSA'
  readonly padding?: 'PKCS1' | 'PSS'
  readonly hash?: 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'
  /** In the parameters rather than in the OID: RSASSA-PSS. */
  readonly hashInParameters?: true
}

const rsa = (name: string, hash?: SignatureScheme['hash']): SignatureScheme =>
  hash ? { name, key: 'RSA', padding: 'PKCS1', hash } : { name, key: 'RSA', padding: 'PKCS1' }
const ecdsa = (name: string, hash?: SignatureScheme['hash']): SignatureScheme =>
  hash ? { name, key: 'ECDSA', hash } : { name, key: 'ECDSA' }

/** RFC 3279 2.2, RFC 4055 5, RFC 5758 3, RFC 8410 3, RFC 8702, RFC 9881. Those without `hash` are named, but not verifiable here. */
export const signatureSchemes: ReadonlyMap<string, SignatureScheme> = new Map<string, SignatureScheme>([
  ['1.2.840.113549.1.1.2', rsa('md2WithRSAEncryption')],
  ['1.2.840.113549.1.1.4', rsa('md5WithRSAEncryption')],
  ['1.2.840.113549.1.1.5', rsa('sha1WithRSAEncryption', 'SHA-1')],
  ['1.3.14.3.2.29', rsa('sha1WithRSA', 'SHA-1')],
  ['1.2.840.113549.1.1.14', rsa('sha224WithRSAEncryption')],
  ['1.2.840.113549.1.1.11', rsa('sha256WithRSAEncryption', 'SHA-256')],
  ['1.2.840.113549.1.1.12', rsa('sha384WithRSAEncryption', 'SHA-384')],
  ['1.2.840.113549.1.1.13', rsa('sha512WithRSAEncryption', 'SHA-512')],
  ['2.16.840.1.101.3.4.3.13', rsa('id-rsassa-pkcs1-v1-5-with-sha3-224')],
  ['2.16.840.1.101.3.4.3.14', rsa('id-rsassa-pkcs1-v1-5-with-sha3-256')],
  ['2.16.840.1.101.3.4.3.15', rsa('id-rsassa-pkcs1-v1-5-with-sha3-384')],
  ['2.16.840.1.101.3.4.3.16', rsa('id-rsassa-pkcs1-v1-5-with-sha3-512')],
  ['1.2.840.113549.1.1.10', { name: 'RSASSA-PSS', key: 'RSA', padding: 'PSS', hashInParameters: true }],
  ['1.2.840.10045.4.1', ecdsa('ecdsa-with-SHA1', 'SHA-1')],
  ['1.2.840.10045.4.3.1', ecdsa('ecdsa-with-SHA224')],
  ['1.2.840.10045.4.3.2', ecdsa('ecdsa-with-SHA256', 'SHA-256')],
  ['1.2.840.10045.4.3.3', ecdsa('ecdsa-with-SHA384', 'SHA-384')],
  ['1.2.840.10045.4.3.4', ecdsa('ecdsa-with-SHA512', 'SHA-512')],
  ['2.16.840.1.101.3.4.3.9', ecdsa('id-ecdsa-with-sha3-224')],
  ['2.16.840.1.101.3.4.3.10', ecdsa('id-ecdsa-with-sha3-256')],
  ['2.16.840.1.101.3.4.3.11', ecdsa('id-ecdsa-with-sha3-384')],
  ['2.16.840.1.101.3.4.3.12', ecdsa('id-ecdsa-with-sha3-512')],
  ['1.3.101.112', { name: 'Ed25519', key: 'Ed25519' }],
  ['1.3.101.113', { name: 'Ed448', key: 'Ed448' }],
  ['1.2.840.10040.4.3', { name: 'dsa-with-sha1', key: 'DSA' }],
  ['2.16.840.1.101.3.4.3.1', { name: 'dsa-with-sha224', key: 'DSA' }],
  ['2.16.840.1.101.3.4.3.2', { name: 'dsa-with-sha256', key: 'DSA' }],
  ['2.16.840.1.101.3.4.3.17', { name: 'id-ml-dsa-44', key: 'ML-DSA' }],
  ['2.16.840.1.101.3.4.3.18', { name: 'id-ml-dsa-65', key: 'ML-DSA' }],
  ['2.16.840.1.101.3.4.3.19', { name: 'id-ml-dsa-87', key: 'ML-DSA' }],
])

/** Name of a signature algorithm for people; the dotted OID where it has none here. */
export const signatureAlgorithmName = (oid: string): string => signatureSchemes.get(oid)?.name ?? oid
