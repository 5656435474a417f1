// node floor.mjs DUMP: the least that any program must do with a dump, in a process of its own. The text is scanned once, the base64 of each
// distinct certificate decoded and hashed once, and its signature verified once by OpenSSL. No YAML values, no model, no rules. Making
// node's X509Certificate objects and public keys is not counted: a leaner decoder than OpenSSL's may do without it.
import { X509Certificate, createHash } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

const CHUNK = 1 << 24

/** Calls back with the values of ca.crt and tls.crt of each Secret that has both. */
const scan = (path: string, found: (ca: string, certificate: string) => void): void => {
  const file = openSync(path, 'r')
  const buffer = Buffer.allocUnsafe(CHUNK)
  let [rest, ca] = ['', '']
  for (let size = readSync(file, buffer); size > 0; size = readSync(file, buffer)) {
    const text = rest + buffer.toString('latin1', 0, size)
    let start = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (text.startsWith('.crt: ', start + 6) && text.startsWith('    ca', start)) ca = text.slice(start + 12, end)
      else if (text.startsWith('    tls.crt: ', start)) found(ca, text.slice(start + 13, end))
      start = end + 1
    }
    rest = text.slice(start)
  }
  closeSync(file)
}

const derOf = (value: string): Buffer => {
  const pem = Buffer.from(value, 'base64').toString('latin1')
  return Buffer.from(pem.slice(pem.indexOf('\n') + 1, pem.indexOf('-----END')), 'base64')
}

const cpuNow = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const cpuStarted = cpuNow()
const started = performance.now()
const issuerOf = new Map<string, string>()
scan(process.argv[2]!, (ca, certificate) => issuerOf.set(certificate, ca))
const scanned = performance.now()
const ders = new Map<string, Buffer>()
for (const value of issuerOf.keys()) {
  const der = derOf(value)
  createHash('sha256').update(der).digest()
  ders.set(value, der)
}
const decoded = performance.now()
const cpuDecoded = cpuNow()
const keys = new Map<string, KeyObject>()
const questions = [...issuerOf].map(([value, ca]) => {
  const key = keys.get(ca) ?? new X509Certificate(ders.get(ca) ?? derOf(ca)).publicKey
  keys.set(ca, key)
  return { certificate: new X509Certificate(ders.get(value)!), key }
})
const cpuReady = cpuNow()
const ready = performance.now()
const verified = questions.filter(({ certificate, key }) => certificate.verify(key)).length
const done = performance.now()
const verifyMs = done - ready
console.log(
  JSON.stringify({
    ms: decoded - started + verifyMs,
    cpuMs: cpuDecoded - cpuStarted + cpuNow() - cpuReady,
    parts: { scan: scanned - started, decode: decoded - scanned, verify: verifyMs },
    notCounted: ready - decoded,
    certificates: questions.length,
    verified,
  }),
)
