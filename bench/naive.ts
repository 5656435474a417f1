// node naive.mjs DUMP: what a first attempt looks like. `yaml` parses the whole text; pkijs parses the certificates of every Secret and
// verifies each certificate with the one in its ca.crt. No model, no rules, no key, no order of the input that it could not read.
import { readFileSync } from 'node:fs'
import * as pkijs from 'pkijs'
import { parse } from 'yaml'

interface List {
  readonly items: readonly { readonly kind: string; readonly data?: Readonly<Record<string, string>> }[]
}

const certificateOf = (value: string): pkijs.Certificate => {
  const pem = Buffer.from(value, 'base64').toString('latin1')
  return pkijs.Certificate.fromBER(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'))
}

const started = performance.now()
const list = parse(readFileSync(process.argv[2]!, 'utf8'), { maxAliasCount: 0 }) as List
const parsed = performance.now()
let [certificates, verified] = [0, 0]
for (const { kind, data } of list.items) {
  const [own, ca] = [data?.['tls.crt'], data?.['ca.crt']]
  if (kind !== 'Secret' || own === undefined || ca === undefined) continue
  certificates++
  if (await certificateOf(own).verify(certificateOf(ca))) verified++
}
const done = performance.now()
console.log(JSON.stringify({ ms: done - started, parts: { yaml: parsed - started, pkijs: done - parsed }, certificates, verified }))
