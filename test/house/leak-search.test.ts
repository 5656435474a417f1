import { describe, expect, it } from 'vitest'
import { plantKeys } from './key-material.ts'
import { createLeakSearch } from './leak-search.ts'

const keys = plantKeys()
const search = createLeakSearch(keys)
const noise = `Secret apic/x: tls.key is there, certificate sha256 ${'ab'.repeat(32)}, ${keys[0]!.certificate}`

describe('the search for leaked keys', () => {
  it('finds nothing in certificates and other text', () => {
    expect(keys.flatMap((key) => search(`${noise}${key.certificate}${Buffer.from(key.certificate).toString('base64')}`))).toEqual([])
  })

  it.each(keys.map((key) => [key.name, key] as const))('finds pieces of %s in every writing', (_name, key) => {
    const d = key.secrets[0]!
    const value = Buffer.from(key.pem).toString('base64')
    const crlf = Buffer.from(key.pem.replaceAll('\n', '\r\n')).toString('base64')
    const outputs: Record<string, string> = {
      pem: key.pem,
      'PEM in JSON': JSON.stringify({ detail: key.pem }),
      'value of a Secret': value,
      'value with CRLF': crlf,
      'middle of the value': value.slice(Math.floor(value.length / 2) - 40, Math.floor(value.length / 2) + 40),
      hex: d.toString('hex'),
      'HEX with colons': d.toString('hex').toUpperCase().match(/../g)!.join(':'),
      'numbers of a Uint8Array': JSON.stringify(new Uint8Array(d)),
      'numbers of a list': JSON.stringify([...d]),
    }
    for (const shift of [0, 1, 2]) {
      outputs[`base64 shifted by ${shift}`] = Buffer.concat([Buffer.alloc(shift, 7), d.subarray(3, 21)]).toString('base64')
      outputs[`base64url shifted by ${shift}`] = Buffer.concat([Buffer.alloc(shift, 7), d.subarray(3, 21)]).toString('base64url')
    }
    const unseen = Object.entries(outputs).filter(([, output]) => search(`${noise}\n  ${output}\n`).length === 0)
    // The middle of a small key's text may be its public half, which anybody may see.
    expect(unseen.map(([name]) => name).filter((name) => name !== 'middle of the value' || key.name.startsWith('rsa'))).toEqual([])
  })
})
