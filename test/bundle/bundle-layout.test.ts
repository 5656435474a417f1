import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantOfName, kindsLeftOut, watchLayout } from '../../src/bundle/bundle-layout.ts'
import { safeName, skipReason } from '../../src/bundle/member-name.ts'

describe('collectors', () => {
  it.each<[string, readonly string[]]>([
    ['api-connect-postmortem', ['kubernetes/versions/postmortem.version']],
    ['api-connect-postmortem', ['cut/namespaces/apic/secrets/secrets.out']],
    ['api-connect-postmortem', ['kubernetes/namespaces/apic/lists/secrets.out']],
    ['api-connect-postmortem', ['apic/certs/certs.out', 'apic/certs/yaml/a.yaml']],
    ['troubleshoot', ['support-bundle/cluster-resources/custom-resources/issuers.cert-manager.io/apic.json']],
    ['troubleshoot', ['support-bundle/secrets-errors/apic/x/tls.crt.json']],
    ['oc-adm-inspect', ['inspect.local/namespaces/apic/core/secrets.yaml']],
    [
      'oc-adm-inspect',
      ['namespaces/apic/cert-manager.io/issuers/boot.yaml', 'cluster-scoped-resources/cert-manager.io/clusterissuers/a.yaml'],
    ],
    ['must-gather', ['must-gather.local.4821/quay-io-x/namespaces/apic/core/secrets/a.yaml']],
    ['must-gather', ['x/gather.logs', 'x/cluster-scoped-resources/core/nodes/a.yaml']],
    ['velero', ['metadata/version', 'resources/secrets/namespaces/apic/web-tls.json']],
    ['velero', ['resources/clusterissuers.cert-manager.io/v1-preferredversion/cluster/root.json']],
    ['support-bundle-kit', ['supportbundle_1/yamls/namespaced/default/v1/secrets.yaml']],
    ['cluster-info-dump', ['cluster-dump/nodes.json', 'cluster-dump/apic/replication-controllers.json']],
    ['sos', ['sosreport-h/sos_commands/kubernetes/cluster-info/kubectl_get_--all-namespaces_true_secrets']],
    ['files', ['pki/issuers.yaml', 'pki/secrets/a.yaml', '0-edge/secrets/namespaces.yaml']],
  ])('%s', (collector, paths) => {
    const watch = watchLayout('')
    for (const path of paths) watch.see(path)
    expect(watch.tell().collector).toBe(collector)
  })

  it('leave out whole kinds where they do', () => {
    const watch = watchLayout('inspect.local.1')
    watch.see('inspect.local.1/namespaces/apic/core/secrets.yaml')
    expect(kindsLeftOut(watch.tell().leavesOut)).toEqual(['Certificate', 'CertificateRequest', 'ClusterIssuer', 'Issuer'])
    watch.see('inspect.local.1/namespaces/apic/cert-manager.io/issuers/a.yaml')
    expect(kindsLeftOut(watch.tell().leavesOut)).toEqual([])
  })

  it('tell what a postmortem of an old version has not', () => {
    const watch = watchLayout('x.zip')
    watch.see('kubernetes/namespaces/apic/lists/secrets.out')
    expect(kindsLeftOut(watch.tell().leavesOut)).toEqual(['Certificate', 'CertificateRequest', 'ClusterIssuer', 'Issuer', 'Secret'])
    watch.see('kubernetes/namespaces/apic/secrets/yaml/a.yaml')
    expect(kindsLeftOut(watch.tell().leavesOut)).not.toContain('Secret')
    watch.see('kubernetes/namespaces/apic/certs/yaml/a.yaml')
    expect(kindsLeftOut(watch.tell().leavesOut)).toEqual(['CertificateRequest', 'ClusterIssuer'])
  })

  it('write whole Secrets where the postmortem was asked for private keys', () => {
    const watch = watchLayout('x.zip')
    const path = 'kubernetes/namespaces/apic/secrets/yaml/a.yaml'
    watch.see(path)
    expect(watch.tell().leavesOut).toContain('private-keys')
    expect(watch.wants(path)).toBe(true)
    watch.read(path, 'apiVersion: v1\ndata:\n  tls.key: eA==\nkind: Secret\n')
    expect(watch.tell().leavesOut).not.toContain('private-keys')
  })
})

describe('the instant of collection', () => {
  it.each<[string, string | undefined]>([
    ['apiconnect-logs-20261124T044756UTC.zip', '2026-11-24T04:47:56.000Z'],
    ['apiconnect-logs-my.host-20261124T044756CET.tgz', '2026-11-24T03:47:56.000Z'],
    ['postmortem-20260701T120000EDT', '2026-07-01T16:00:00.000Z'],
    ['apiconnect-logs-20261124T044756IST.zip', undefined],
    ['apiconnect-logs-20261324T044756UTC.zip', undefined],
    ['support-bundle-2026-11-24T05_02_22.tar.gz', '2026-11-24T05:02:22.000Z'],
    ['supportbundle_8f1c_2025-10-01T10-00-00Z.zip', '2025-10-01T10:00:00.000Z'],
    ['dump.yaml', undefined],
  ])('%s', (name, expected) => {
    const instant = instantOfName(name)
    expect(instant === undefined ? undefined : new Date(instant).toISOString()).toBe(expected)
  })

  it('is the last line of must-gather’s timestamp', () => {
    const watch = watchLayout('x')
    watch.read('x/timestamp', '2026-11-24 05:02:22.61428216 +0000 UTC m=+0.2\n2026-11-24 07:02:24.5 +0200 CEST m=+0.4\nrubbish\n')
    expect(watch.tell().collectedAt).toBe(Date.UTC(2026, 10, 24, 5, 2, 24))
  })

  it('is in the name of the top folder, too', () => {
    const watch = watchLayout('renamed.tar.gz')
    watch.see('renamed.tar.gz/support-bundle-2026-11-24T05_02_22/version.yaml')
    expect(watch.tell().collectedAt).toBe(Date.UTC(2026, 10, 24, 5, 2, 22))
  })

  it('is in the name of an archive that was packed once more', () => {
    const watch = watchLayout('case.zip')
    watch.see('case.zip/apiconnect-logs-20261124T044756UTC.tgz')
    expect(watch.tell().collectedAt).toBe(Date.UTC(2026, 10, 24, 4, 47, 56))
  })

  it.each([
    'ns/pods/logs/support-bundle-2020-01-01T00_00_00.log',
    'support-bundle-2020-01-01T00_00_00.log',
    'logs/support-bundle-2020-01-01T00_00_00/version.yaml',
    'postmortem-x/y-20200101T000000UTC/a.yaml',
  ])('is in no other name: %s', (path) => {
    const watch = watchLayout('renamed.tar.gz')
    watch.see(`renamed.tar.gz/${path}`)
    expect(watch.tell().collectedAt).toBeUndefined()
  })
})

describe('names of members', () => {
  it('never lead anywhere else', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('..', '.', '', 'a', 'C:', '\\', '/', '...'), { maxLength: 12 }), (parts) => {
        const name = safeName(parts.join('/'))
        if (name === undefined) return
        expect(name).not.toMatch(/^\/|\\|\/\/|\/$|^$/)
        expect(name.split('/')).not.toContain('..')
      }),
    )
  })

  it.each<[string, string | undefined]>([
    ['namespaces/apic/secrets/yaml/abc.yaml', undefined],
    ['secrets/apic/a/tls.key.json', undefined],
    ['etc/kubernetes/pki/ca.key', 'private-key'],
    ['namespaces/a/pods/p/c/c/logs/current.log', 'dull'],
    ['cluster-dump/apic/pod-1/logs.txt', 'dull'],
    ['event-filter.html', 'dull'],
    ['snapshot.db', 'dull'],
    ['k/namespaces/a/secrets/describe/x.out', undefined],
    ['k/namespaces/a/pods/describe/manager/x.out', 'dull'],
    ['sos_commands/kubernetes/kubectl_get_-o_json_secrets', undefined],
  ])('%s', (path, expected) => {
    expect(skipReason(path)).toBe(expected)
  })
})
