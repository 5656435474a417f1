import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Ref, Report } from '../../src/index.ts'
import { analyze, ancestorsOf, everythingBelow, signedBelow, signersOf } from '../../src/index.ts'
import type { Cluster } from '../../src/testing/index.ts'
import type { RuleCase } from '../rules/rule-cases.ts'
import { ca, leaf, reportOf, start, threeLevels, withoutKind } from '../rules/rule-cases.ts'

const root = new URL('../../', import.meta.url)
const text = readFileSync(new URL('examples/api-connect/healthy.yaml', root), 'utf8')
const report = await analyze([{ name: 'healthy.yaml', text }], { at: '2026-11-24T05:00:00Z' })
const apic = (kind: string, name: string) => ({ kind, namespace: 'apic', name })

describe('ancestorsOf', () => {
  it('climbs from an end-entity certificate to the SelfSigned issuer', () => {
    expect(ancestorsOf(report, apic('Certificate', 'abc-management-client'))).toEqual([
      apic('Issuer', 'abc-management-ca'),
      apic('Certificate', 'abc-management-ca'),
      apic('Issuer', 'selfsigning-issuer'),
    ])
  })

  it('is empty for a root and for what is not in the dump', () => {
    expect(ancestorsOf(report, apic('Issuer', 'selfsigning-issuer'))).toEqual([])
    expect(ancestorsOf(report, apic('Issuer', 'nobody'))).toEqual([])
  })
})

describe('everythingBelow', () => {
  it('gives what must follow when a CA changes, top down', () => {
    expect(everythingBelow(report, apic('Certificate', 'abc-management-ca'))).toEqual([
      apic('Issuer', 'abc-management-ca'),
      apic('Certificate', 'abc-management-client'),
      apic('Certificate', 'abc-management-natscluster-mgmt'),
      apic('Certificate', 'abc-management-server'),
    ])
  })
})

const manager = (kind: string): ReturnType<typeof apic> => apic(kind, 'abc-management-ca')

describe('a Secret', () => {
  it('stands below the Certificate that fills it, and above the issuers that sign with it', () => {
    expect(ancestorsOf(report, manager('Secret'))).toEqual([manager('Certificate'), apic('Issuer', 'selfsigning-issuer')])
    expect(everythingBelow(report, manager('Secret'))).toEqual(everythingBelow(report, manager('Certificate')))
  })

  it('that no Certificate fills stands below the issuer that its annotation names', async () => {
    const copy = await reportOf({ what: '', of: threeLevels, dumped: withoutKind('Certificate') })
    expect(ancestorsOf(copy, apic('Secret', 'root'))).toEqual([apic('Issuer', 'boot')])
    expect(everythingBelow(copy, apic('Secret', 'root'))[0]).toEqual(apic('Issuer', 'root'))
  })

  it('is found by the issuer that signs with it where nothing else names it', async () => {
    const dumped: RuleCase['dumped'] = ({ kind, metadata }) => kind !== 'Certificate' && metadata.name !== 'boot'
    const copy = await reportOf({ what: '', of: threeLevels, dumped })
    expect(ancestorsOf(copy, apic('Secret', 'root'))).toEqual([])
    expect(everythingBelow(copy, apic('Secret', 'root')).slice(0, 2)).toEqual([apic('Issuer', 'root'), apic('Secret', 'middle')])
  })
})

describe('everythingBelow of the Secret of a CA', () => {
  const below = async (built: RuleCase, secret: Ref): Promise<readonly string[]> =>
    everythingBelow(await reportOf(built), secret).map(({ kind, name }) => `${kind} ${name}`)
  const root = (namespace: string): Cluster =>
    start({ namespace })
      .selfSignedIssuer('boot')
      .certificate('root', { issuer: 'boot', commonName: 'root CA', ...ca })

  it('has all issuers that sign with it', async () => {
    const of = (): Cluster =>
      root('apic')
        .caIssuer('one', { secretName: 'root' })
        .caIssuer('two', { secretName: 'root' })
        .certificate('web', leaf('one'))
        .certificate('api', leaf('two'))
    const everything = ['Issuer one', 'Certificate web', 'Issuer two', 'Certificate api']
    expect(await below({ what: '', of }, apic('Secret', 'root'))).toEqual(everything)
    // Nobody fills it: both issuers are roots.
    const dumped: RuleCase['dumped'] = ({ metadata, kind }) => kind === 'Secret' || !['root', 'boot'].includes(metadata.name)
    expect(await below({ what: '', of, dumped }, apic('Secret', 'root'))).toEqual(everything)
  })

  it('has a ClusterIssuer, which stands in no namespace', async () => {
    const of = (): Cluster =>
      root('cert-manager')
        .clusterIssuer('all', { secretName: 'root' })
        .certificate('web', { ...leaf({ kind: 'ClusterIssuer', name: 'all' }), namespace: 'apic' })
    const secret = { kind: 'Secret', namespace: 'cert-manager', name: 'root' }
    const dumped: RuleCase['dumped'] = ({ metadata, kind }) => kind === 'Secret' || !['root', 'boot'].includes(metadata.name)
    for (const each of [
      { what: '', of },
      { what: '', of, dumped },
    ])
      expect(await below(each, secret)).toEqual(['ClusterIssuer all', 'Certificate web'])
    expect(await below({ what: '', of }, { ...secret, namespace: 'apic' })).toEqual([])
  })
})

describe('the forest without certificates', () => {
  const below = (of: Report): readonly string[] => everythingBelow(of, apic('Issuer', 'boot')).map(({ kind, name }) => `${kind} ${name}`)

  it('hangs by names what it cannot hang by certificates', async () => {
    const expected = below(await reportOf({ what: '', of: threeLevels }))
    expect(expected).toEqual(['Certificate root', 'Issuer root', 'Certificate middle', 'Issuer middle', 'Certificate web'])
    expect(below(await reportOf({ what: '', of: threeLevels, dumped: withoutKind('Secret') }))).toEqual(expected)
    const masked = await reportOf({
      what: '',
      of: threeLevels,
      text: (yaml) => yaml.replace(/(tls|ca)\.(crt|key): \S+/g, '$1.$2: REDACTED'),
    })
    expect(below(masked)).toEqual(expected)
    const [root] = masked.forest[0]?.children ?? []
    expect([root?.signature, root?.notAfter?.slice(0, 10), root?.renewalTime?.slice(0, 10)]).toEqual([
      undefined,
      '2036-11-21',
      '2033-07-23',
    ])
  })
})

describe('signersOf and signedBelow', () => {
  it('go by signatures', async () => {
    const built = await reportOf({ what: '', of: threeLevels })
    const name = (id: string): string | undefined => built.certificates.find((certificate) => certificate.id === id)?.subject
    const id = (of: string): string => built.links.find((link) => link.kind === 'holds' && link.from === `secret/apic/${of}`)?.to ?? ''
    expect(signersOf(built, id('web')).map(name)).toEqual(['CN=middle CA', 'CN=root CA'])
    expect(signersOf(built, id('root'))).toEqual([])
    expect(signedBelow(built, id('root'))).toEqual([id('middle'), id('web')])
  })
})
