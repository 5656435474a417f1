import { describe, expect, it } from 'vitest'
import { behavioursOf } from '../../src/replay/behaviours.ts'
import { compareVersions, formatVersion, isSince, parseVersion } from '../../src/replay/cert-manager-version.ts'
import { readFeatureGates } from '../../src/replay/feature-gates.ts'

const behaviours = (text: string) => behavioursOf(parseVersion(text) ?? [0, 0, 0])

describe('versions', () => {
  it('are read with and without v, shortened, and as pre-releases', () => {
    expect(parseVersion('v1.18.6')).toEqual([1, 18, 6])
    expect(parseVersion('1.18')).toEqual([1, 18, 0])
    expect(parseVersion('v1.21.0-beta.1')).toEqual([1, 21, 0])
    for (const text of ['', 'v1', '1.x.2', '1.2.3.4', 'latest', '1..2', `v${'9'.repeat(60)}.1.1`])
      expect(parseVersion(text)).toBeUndefined()
  })

  it('are ordered by number, not by text', () => {
    expect(compareVersions([1, 9, 0], [1, 10, 0])).toBeLessThan(0)
    expect(isSince([1, 18, 3], [1, 18, 3])).toBe(true)
    expect(formatVersion([1, 18, 3])).toBe('v1.18.3')
  })
})

describe('behaviours by version', () => {
  it('follow back-ports: within their own minor release, and from the last one on', () => {
    expect(behaviours('1.18.2').issuerRefDefaulted).toBe(false)
    expect(behaviours('1.18.3').issuerRefDefaulted).toBe(true)
    expect(behaviours('1.19.0').issuerRefDefaulted).toBe(false)
    expect(behaviours('1.19.1').issuerRefDefaulted).toBe(true)
    expect(behaviours('1.16.2').renewBeforePercentage).toBe('inverted')
    expect(behaviours('1.16.3').renewBeforePercentage).toBe('wrapping')
    expect(behaviours('1.17.0').renewBeforePercentage).toBe('wrapping')
    expect(behaviours('1.21.0').renewBeforePercentage).toBe('exact')
    expect(behaviours('1.17.3').permittedUrisExcluded).toBe(true)
    expect(behaviours('1.17.4').permittedUrisExcluded).toBe(false)
    expect(behaviours('1.18.1').permittedUrisExcluded).toBe(true)
  })

  it('have the certificate-name check and the owner rule since v1.13.2', () => {
    expect(behaviours('1.13.1').chains.trigger).not.toContain('certificate-name-annotation')
    expect(behaviours('1.13.2').chains.trigger).toContain('certificate-name-annotation')
    expect(behaviours('1.13.1').secretOwnership).toBe(false)
  })

  it('call the policies as each release calls them', () => {
    expect(behaviours('1.12.17').names['issuer-annotations']).toBe('SecretIssuerAnnotationsNotUpToDate')
    expect(behaviours('1.21.1').names['issuer-annotations']).toBe('SecretIssuerAnnotationsMismatch')
  })
})

describe('feature gates', () => {
  it('are as the option says, in both of its forms, else as the release has them', () => {
    expect(readFeatureGates('OtherNames=true, ServerSideApply=false', [1, 18, 6])('OtherNames')).toBe(true)
    expect(readFeatureGates({ OtherNames: false }, [1, 21, 1])('OtherNames')).toBe(false)
    expect(readFeatureGates('', [1, 18, 6])('OtherNames')).toBe(false)
    expect(readFeatureGates(undefined, [1, 21, 1])('OtherNames')).toBe(true)
  })

  it('pass over what is no boolean, and do not answer from the prototype', () => {
    expect(readFeatureGates('OtherNames=perhaps,=true,x', [1, 18, 6])('OtherNames')).toBe(false)
    expect(readFeatureGates(undefined, [1, 21, 1])('constructor')).toBe(false)
  })
})
