import type { Cluster } from '../../src/testing/index.ts'
import { blocks, describeRule, leaf, rootAndWeb, start, threeLevels, withRoot } from './rule-cases.ts'

const later = '2026-12-01T00:00:00Z'

/** Puts a former certificate of `ca` into a value of the Secret `web`. */
const withFormer = (built: Cluster, name: string, field: string, put: (value: readonly string[], former: string) => readonly string[]) => {
  let former = ''
  return built
    .step(async (state) => {
      const history = state.history.get(`Certificate/apic/${name}`) ?? []
      former = history[0]?.pem ?? ''
      if (history.length < 2 || former === '') throw new Error(`${name} was issued once`)
      await Promise.resolve()
    })
    .editSecret('web', (data) => ({ [field]: put(blocks(data[field]), former).join('') }))
}

const rekeyedRoot = (): Cluster =>
  rootAndWeb()
    .renew('root', { keepKey: false, at: later })
    .renew('web', { overrides: { authorityKeyIdentifier: 'none' } })

describeRule('ca-bundle-order', {
  fires: [
    {
      what: 'the former root first, and no key identifier to choose by',
      of: () => withFormer(rekeyedRoot(), 'root', 'ca.crt', (value, former) => [former, ...value]),
      expected: { severity: 'error', subject: 'Certificate/apic/web', names: ['Secret/apic/web'], message: 'two generations' },
    },
  ],
  silent: [
    {
      what: 'the root in force first',
      of: () => withFormer(rekeyedRoot(), 'root', 'ca.crt', (value, former) => [...value, former]),
      instead: [],
    },
    {
      what: 'key identifiers tell the two apart',
      of: () =>
        withFormer(rootAndWeb().renew('root', { keepKey: false, at: later }).renew('web'), 'root', 'ca.crt', (value, former) => [
          former,
          ...value,
        ]),
      instead: [],
    },
    { what: 'one generation', of: () => rootAndWeb(), instead: [] },
  ],
})

const rekeyedMiddle = (): Cluster => threeLevels().renew('middle', { keepKey: false, at: later }).renew('web')

describeRule('old-ca-sent-along', {
  fires: [
    {
      what: 'the former intermediate behind the one in force',
      of: () => withFormer(rekeyedMiddle(), 'middle', 'tls.crt', (value, former) => [...value, former]),
      expected: { severity: 'warning', subject: 'Certificate/apic/web', names: ['Secret/apic/web'] },
      commands: ['cmctl renew -n apic web'],
    },
  ],
  silent: [
    { what: 'only what is needed', of: rekeyedMiddle, instead: [] },
    {
      what: 'the old intermediate signed what is sent',
      of: () => threeLevels().renew('middle', { keepKey: false, at: later }),
      instead: ['ca-rekeyed'],
    },
  ],
})

describeRule('anchor-not-self-signed', {
  fires: [
    {
      what: 'an intermediate CA whose Secret has no root',
      of: () =>
        withRoot(start().selfSignedIssuer('boot'))
          .certificate('middle', {
            issuer: 'root',
            commonName: 'middle CA',
            isCA: true,
            duration: '43800h',
            privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Never' },
          })
          .editSecret('middle', () => ({ 'ca.crt': undefined }))
          .caIssuer('middle')
          .certificate('web', leaf('middle'))
          .certificate('api', leaf('middle')),
      expected: {
        severity: 'warning',
        names: ['Certificate/apic/web', 'Certificate/apic/api', 'Certificate/apic/middle', 'Secret/apic/middle'],
      },
    },
  ],
  silent: [
    { what: 'ca.crt is a root', of: () => threeLevels(), instead: [] },
    { what: 'there is no ca.crt', of: () => start().acmeIssuer('le').certificate('web', leaf('le')), instead: [] },
    {
      what: 'a self-signed certificate is its own anchor',
      of: () =>
        start()
          .selfSignedIssuer('boot')
          .certificate('web', leaf('boot', { commonName: 'web' })),
      instead: [],
    },
  ],
})
