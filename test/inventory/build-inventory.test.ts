import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/index.ts'
import { analyze } from '../../src/index.ts'
import type { KubernetesObject } from '../../src/testing/index.ts'
import { NOW, faultsOf, rootAndLeaves } from '../rules/rule-cases.ts'

const reportOn = (items: readonly object[]): Promise<Report> =>
  analyze({ name: 'dump.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) }, { at: NOW })

/** What stayed in the API group of v0.10 when somebody moved to v0.11: the same, and nobody looks after it any more. */
const leftBehind = ({ status: _status, ...object }: KubernetesObject & { readonly status?: unknown }): object => ({
  ...object,
  apiVersion: 'certmanager.k8s.io/v1alpha1',
  metadata: { ...object.metadata, creationTimestamp: '2019-11-24T04:00:00Z' },
})

const objects = await rootAndLeaves().toObjects()
const own = objects.filter(({ apiVersion }) => apiVersion.startsWith('cert-manager.io/'))
const former = own.map(leftBehind)

describe('objects that stand in both API groups of cert-manager', () => {
  it.each([
    ['before', [...former, ...objects]],
    ['behind', [...objects, ...former]],
  ])('are one for the analysis, the newer one, with the former group %s, and two in the counts', async (_where, items) => {
    const [alone, report] = [await reportOn(objects), await reportOn(items)]
    expect(faultsOf(alone)).toEqual([])
    expect(report.diagnostics.map(({ rule }) => rule)).toEqual(alone.diagnostics.map(({ rule }) => rule))
    expect(report.resources.map(({ id }) => id)).toEqual(alone.resources.map(({ id }) => id))
    expect(report.controller.map(({ certificate, ready }) => [certificate, ready])).toEqual(
      alone.controller.map(({ certificate, ready }) => [certificate, ready]),
    )
    expect(report.counts).toMatchObject({ issuers: 2 * alone.counts.issuers, certificates: 2 * alone.counts.certificates })
    expect(report.counts.secrets).toBe(alone.counts.secrets)
  })

  it('are read where they stand in the former group alone', async () => {
    const secrets = objects.filter(({ kind }) => kind === 'Secret')
    const report = await reportOn([...secrets, ...former])
    expect(report.counts.certificates).toBe(4)
    expect(report.controller).toHaveLength(4)
  })
})
