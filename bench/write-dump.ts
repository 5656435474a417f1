import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { issueCertificate } from '../src/testing/certificate-builder.ts'
import type { IssuedCertificate } from '../src/testing/certificate-builder.ts'
import { privateKeyPem } from '../src/testing/key-pair.ts'
import type { KeyPair } from '../src/testing/key-pair.ts'
import { createKeySupply } from './key-supply.ts'
import { noiseObject } from './noise-objects.ts'
import type { NoiseKind } from './noise-objects.ts'
import * as text from './object-text.ts'

/** What a dump holds. Dumps are kept by these parameters, and made once. */
export interface DumpRecipe {
  /** End-entity certificates, 20 under each CA; one half of the CAs has RSA-2048 keys, the other P-256. */
  readonly endEntities: number
  readonly noise: number
  /** `secrets`: Helm releases, tokens, registry credentials; `all`: also Pods and ConfigMaps. */
  readonly noiseKind: NoiseKind
}

/** A dump on disk and what is known of it, because we wrote it. */
export interface WrittenDump extends DumpRecipe {
  readonly path: string
  readonly bytes: number
  readonly cas: number
  /** Distinct X.509 certificates; each has one signature to verify. */
  readonly certificates: number
  readonly objects: number
}

const END_ENTITIES_PER_CA = 20
const NOT_BEFORE = '2026-06-01T00:00:00Z'
const NOT_AFTER = '2026-12-01T00:00:00Z'
/** Raised whenever the recipe changes, so that no dump of an older one is measured. */
const RECIPE = 1

/** The instant at which all certificates of the dumps are in force. */
export const DUMP_AT = '2026-09-15T00:00:00Z'

/** A small generator of pseudo-random numbers (Marsaglia's xorshift): the same noise in every dump of the same recipe. */
const createRandom = (): (() => number) => {
  let state = 0x2f6e2b1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x1_0000_0000
  }
}

const secretOf = (own: IssuedCertificate, ca: IssuedCertificate, subject: text.Subject): string =>
  text.tlsSecret(subject, { ca: ca.pem, certificate: own.pem, key: privateKeyPem(own.key) })

/** One namespace: SelfSigned Issuer → CA Certificate → CA Issuer → end-entity Certificates, each Certificate with its Secret. */
const writeNamespace = async (
  namespace: string,
  count: number,
  newKey: () => KeyPair,
  write: (object: string) => Promise<void>,
): Promise<void> => {
  const algorithm = (key: KeyPair): text.Subject['key'] => (key.spec.algorithm === 'RSA' ? 'RSA' : 'ECDSA')
  const dates = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER }
  const caKey = newKey()
  const caName = 'abc-management-ca'
  const ca = await issueCertificate({
    key: caKey,
    subject: `CN=${caName}`,
    ca: true,
    keyUsage: ['digitalSignature', 'keyEncipherment', 'keyCertSign'],
    ...dates,
  })
  const caSubject: text.Subject = { name: caName, namespace, issuer: 'selfsigning-issuer', isCa: true, key: algorithm(caKey), names: [] }
  await write(text.selfSignedIssuer('selfsigning-issuer', namespace))
  await write(text.certificateResource(caSubject, { notBefore: NOT_BEFORE, notAfter: NOT_AFTER }))
  await write(secretOf(ca, ca, caSubject))
  await write(text.caIssuer(caName, namespace))
  for (let i = 0; i < count; i++) {
    const name = `abc-management-${i}`
    const key = newKey()
    const names = [name, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`]
    const certificate = await issueCertificate({
      key,
      issuer: ca,
      subject: `CN=${name}`,
      ca: false,
      keyUsage: ['digitalSignature', 'keyEncipherment'],
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
      names: names.map((dns) => ({ dns })),
      ...dates,
    })
    const subject: text.Subject = { name, namespace, issuer: caName, isCa: false, key: algorithm(key), names }
    await write(text.certificateResource(subject, { notBefore: NOT_BEFORE, notAfter: NOT_AFTER }))
    await write(secretOf(certificate, ca, subject))
  }
}

/** Folder of the dumps, and of what the measurements leave behind. */
export const dumpFolder = (): string => join(tmpdir(), 'kubepki-bench')

/** Writes the dump of a recipe into the system's folder for temporary files, or finds it there. */
export const writeDump = async (recipe: DumpRecipe, onProgress: (written: number) => void = () => undefined): Promise<WrittenDump> => {
  mkdirSync(dumpFolder(), { recursive: true })
  const path = join(dumpFolder(), `v${RECIPE}-${recipe.endEntities}-${recipe.noise}-${recipe.noiseKind}.yaml`)
  const facts = `${path}.json`
  if (existsSync(path) && existsSync(facts)) return JSON.parse(readFileSync(facts, 'utf8')) as WrittenDump
  const part = `${path}.${process.pid}.part`
  const out = createWriteStream(part, { highWaterMark: 1 << 22 })
  let objects = 0
  const write = async (object: string): Promise<void> => {
    objects++
    if (!out.write(object)) await new Promise<void>((resolve) => out.once('drain', () => resolve()))
  }
  const keys = createKeySupply()
  const cas = Math.ceil(recipe.endEntities / END_ENTITIES_PER_CA)
  out.write('apiVersion: v1\nitems:\n')
  for (let n = 0; n < cas; n++) {
    const count = Math.min(END_ENTITIES_PER_CA, recipe.endEntities - n * END_ENTITIES_PER_CA)
    await writeNamespace(`apic-${String(n).padStart(5, '0')}`, count, n % 2 === 0 ? keys.rsa2048 : keys.p256, write)
    onProgress(n * END_ENTITIES_PER_CA + count)
  }
  const random = createRandom()
  for (let i = 0; i < recipe.noise; i++) await write(noiseObject(recipe.noiseKind, i, random))
  out.end('kind: List\nmetadata:\n  resourceVersion: ""\n')
  await finished(out)
  renameSync(part, path)
  const dump: WrittenDump = { ...recipe, path, bytes: statSync(path).size, cas, certificates: recipe.endEntities + cas, objects }
  writeFileSync(facts, JSON.stringify(dump))
  return dump
}
