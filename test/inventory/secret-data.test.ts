import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDump } from '../../src/dump/read-dump.ts'
import { buildInventory } from '../../src/inventory/build-inventory.ts'
import { createSecretDataReader } from '../../src/inventory/secret-data.ts'
import type { SecretResource } from '../../src/inventory/secret.ts'

const clusters = new URL('../fixtures/clusters/', import.meta.url)
const texts = readdirSync(clusters, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => gunzipSync(readFileSync(new URL(`${name}/dump.yaml.gz`, clusters))).toString())

const factsOf = (secret: SecretResource): unknown => ({
  ref: secret.ref,
  place: secret.place,
  annotations: { ...secret.metadata.annotations },
  type: secret.type,
  keys: [...secret.keys],
  tlsCrt: [
    secret.tlsCrt.status,
    secret.tlsCrt.entries.map((entry) => ('certificate' in entry ? entry.certificate.fingerprint : entry.failure)),
  ],
  caCrt: [
    secret.caCrt.status,
    secret.caCrt.entries.map((entry) => ('certificate' in entry ? entry.certificate.fingerprint : entry.failure)),
  ],
  key: [
    secret.tlsKey.status,
    secret.tlsKey.facts?.status === 'read' ? secret.tlsKey.facts.publicKey.identity : secret.tlsKey.facts?.code,
    secret.tlsKey.sizeHint,
  ],
  combined: secret.combinedPemMatches,
  der: secret.keyDerMatches,
})

/** What is read when values are taken as the text goes by, and when they are read from whole objects. */
const bothWays = async (text: string): Promise<readonly (readonly [unknown, unknown])[]> => {
  const secretData = createSecretDataReader()
  const source = { name: 'dump.yaml', text }
  const [taken, whole] = [await readDump(source, { secretData }), await readDump(source)]
  const [one, other] = [await buildInventory(taken, secretData), await buildInventory(whole)]
  return [
    [one.secrets.map(factsOf), other.secrets.map(factsOf)],
    [[...one.x509.keys()].sort(), [...other.x509.keys()].sort()],
    [one.problems, other.problems],
  ]
}

describe('createSecretDataReader', () => {
  it('takes values as they are read, and says the same of them as of whole objects', async () => {
    for (const text of texts) for (const [taken, whole] of await bothWays(text)) expect(taken).toEqual(whole)
  })

  it('does so where values are damaged, masked, empty, dropped or of other types', async () => {
    const damage = fc.constantFrom(
      '',
      '""',
      'REDACTED',
      'UkVEQUNURUQ=',
      '***HIDDEN***',
      'null',
      '1679',
      'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==',
      'LS0t # not collected',
      'LS0t: x',
      '!!binary LS0t',
      '|\n      LS0t',
      'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
      'LS0tL\u00e9',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(), damage), { minLength: 1, maxLength: 4 }),
        async (text, places) => {
          const lines = text.split('\n')
          const values = lines.flatMap((line, index) => (/^ {4}(?:tls|ca)\.(?:crt|key): /.test(line) ? [index] : []))
          for (const [nth, value] of places) {
            const index = values[nth % values.length] as number
            lines[index] = `${(lines[index] as string).split(': ')[0]}: ${value}`
          }
          for (const [taken, whole] of await bothWays(lines.join('\n'))) expect(taken).toEqual(whole)
        },
      ),
      { numRuns: 60 },
    )
  })
})
