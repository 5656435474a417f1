import { describe, expect, it } from 'vitest'
import { selectFindings } from '../../src/index.ts'
import { leaf, reportOf, start, withRoot } from '../rules/rule-cases.ts'

describe('selectFindings', () => {
  it('keeps of every list what lies in the chosen namespaces, or in none', async () => {
    const report = await reportOf({
      what: '',
      of: () =>
        withRoot(start({ namespace: 'cert-manager' }).selfSignedIssuer('boot'))
          .clusterIssuer('all', { secretName: 'root' })
          .certificate('web', { ...leaf({ kind: 'ClusterIssuer', name: 'all' }), namespace: 'apic' }),
    })
    const namespaces = ({ clients, controller, resources }: typeof report): readonly (readonly string[])[] =>
      [clients.map((item) => item.secret), controller.map((item) => item.certificate), resources.map((item) => item.ref)].map((refs) =>
        [...new Set(refs.map((ref) => ref.namespace ?? ''))].sort(),
      )
    const both = ['apic', 'cert-manager']
    expect(namespaces(report)).toEqual([both, both, ['', ...both]])
    expect(namespaces(selectFindings(report, { namespaces: ['apic'] }))).toEqual([['apic'], ['apic'], ['', 'apic']])
    expect(selectFindings(report, { ignore: ['expired'] }).clients).toEqual(report.clients)
  })
})
