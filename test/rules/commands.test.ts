import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copySecret, describe as describeCommand, patch, renew, shellQuote } from '../../src/rules/commands.ts'

const certificate = (name: string, namespace = 'apic') => ({ kind: 'Certificate', namespace, name })

describe('shellQuote', () => {
  it('gives a shell back the very word', () => {
    const word = fc.string().filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(word, (text) => {
        expect(execFileSync('/bin/sh', ['-c', `printf %s ${shellQuote(text)}`]).toString()).toBe(Buffer.from(text).toString())
      }),
      { numRuns: 60 },
    )
  })
})

describe('commands', () => {
  it('names all of one namespace in one command', () => {
    expect(renew([certificate('a'), certificate('b'), certificate('c', 'shop')])).toEqual([
      'cmctl renew -n apic a b',
      'cmctl renew -n shop c',
    ])
  })

  it('gives no command for a name that Kubernetes could not hold', () => {
    for (const name of ['a;reboot', '-rf', 'a-', 'a.', 'A', '$(x)', 'a b', '', '../x']) {
      expect(renew([certificate(name)])).toEqual([])
      expect(describeCommand(certificate(name))).toEqual([])
      expect(copySecret({ kind: 'Secret', namespace: 'apic', name }, 'shop')).toEqual([])
    }
  })

  it('quotes the change of a patch', () => {
    expect(patch(certificate('a'), { spec: { isCA: true } })).toEqual([
      `kubectl patch certificate.cert-manager.io a -n apic --type merge -p '{"spec":{"isCA":true}}'`,
    ])
  })
})
