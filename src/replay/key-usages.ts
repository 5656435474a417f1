import type { KeyUsageName } from '../x509/certificate.ts'

/** cert-manager's names of key usages (facts of cert-manager 3.2), in the order in which it prints them. */
const KEY_USAGES: Readonly<Record<string, KeyUsageName>> = {
  signing: 'digitalSignature',
  'digital signature': 'digitalSignature',
  'content commitment': 'contentCommitment',
  'key encipherment': 'keyEncipherment',
  'key agreement': 'keyAgreement',
  'data encipherment': 'dataEncipherment',
  'cert sign': 'keyCertSign',
  'crl sign': 'cRLSign',
  'encipher only': 'encipherOnly',
  'decipher only': 'decipherOnly',
}

const KP = '1.3.6.1.5.5.7.3'
const EXTENDED_KEY_USAGES: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  'server auth': `${KP}.1`,
  'client auth': `${KP}.2`,
  'code signing': `${KP}.3`,
  'email protection': `${KP}.4`,
  's/mime': `${KP}.4`,
  'ipsec end system': `${KP}.5`,
  'ipsec tunnel': `${KP}.6`,
  'ipsec user': `${KP}.7`,
  timestamping: `${KP}.8`,
  'ocsp signing': `${KP}.9`,
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
}

/** The bits of KeyUsage in their order (RFC 5280 4.2.1.3). */
export const KEY_USAGE_BITS: readonly KeyUsageName[] = [
  'digitalSignature',
  'contentCommitment',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

const DEFAULT_USAGES = ['digital signature', 'key encipherment']

export interface ResolvedUsages {
  /** In the order of the bits. */
  readonly keyUsage: readonly KeyUsageName[]
  /** OIDs, in the order in which they are written. */
  readonly extKeyUsage: readonly string[]
  readonly unknown: readonly string[]
}

/** The usages of a spec with cert-manager's defaults: digital signature and key encipherment; isCA adds cert sign. */
export const resolveUsages = (usages: readonly string[] | undefined, isCA: boolean): ResolvedUsages => {
  const bits = new Set<KeyUsageName>(isCA ? ['keyCertSign'] : [])
  const extKeyUsage: string[] = []
  const unknown: string[] = []
  for (const usage of usages && usages.length > 0 ? usages : DEFAULT_USAGES) {
    const bit = Object.hasOwn(KEY_USAGES, usage) ? KEY_USAGES[usage] : undefined
    const purpose = Object.hasOwn(EXTENDED_KEY_USAGES, usage) ? EXTENDED_KEY_USAGES[usage] : undefined
    if (bit) bits.add(bit)
    else if (purpose) extKeyUsage.push(purpose)
    else unknown.push(usage)
  }
  return { keyUsage: KEY_USAGE_BITS.filter((bit) => bits.has(bit)), extKeyUsage, unknown }
}

/** `[ 'digital signature', 'cert sign' ]`: as cert-manager prints key usages. */
export const printKeyUsages = (usages: readonly KeyUsageName[]): string => {
  const names = usages.map((usage) => Object.keys(KEY_USAGES).find((name) => name !== 'signing' && KEY_USAGES[name] === usage) ?? usage)
  return names.length === 0 ? '[]' : `[ ${names.map((name) => `'${name}'`).join(', ')} ]`
}

/** The same for the OIDs of extended key usages. */
export const printExtKeyUsages = (purposes: readonly string[]): string => {
  const names = purposes.map((oid) => Object.keys(EXTENDED_KEY_USAGES).find((name) => EXTENDED_KEY_USAGES[name] === oid) ?? oid)
  return names.length === 0 ? '[]' : `[ ${names.map((name) => `'${name}'`).join(', ')} ]`
}
