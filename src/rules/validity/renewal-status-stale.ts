import { parseInstant } from '../../base/instant.ts'
import { say } from '../../base/phrase.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import type { X509Certificate } from '../../x509/certificate.ts'
import { describe } from '../commands.ts'
import { issuerOverwrittenBy } from '../own-ca-secret.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef } from '../wording.ts'

/** Rounding, and half a minute for the clocks. */
const TOLERANCE = 60_000
const THIRTY_DAYS = 30 * 86_400_000

/** What other releases would have computed: a percentage the other way round (v1.16.0), thirty days by default (up to v1.3). */
const otherReleases = (certificate: CertificateResource, { notBefore, notAfter }: X509Certificate): readonly number[] => {
  const { renewBefore, renewBeforePercentage: share } = certificate.spec
  if (renewBefore !== undefined) return []
  return share === undefined ? [notAfter - THIRTY_DAYS] : [notAfter - ((notAfter - notBefore) * (100 - share)) / 100]
}

const isOther = (written: number | undefined, now: number): boolean => written !== undefined && written !== now

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  for (const certificate of context.model.inventory.certificates) {
    const { status } = certificate
    const chain = context.model.chainOf(certificate.ref.namespace, certificate.spec.secretName)
    if (!status || !chain || chain.certificate !== certificate || chain.order.kind === 'leaf-not-first') continue
    const areDatesOther = isOther(status.notBefore, chain.leaf.notBefore) || isOther(status.notAfter, chain.leaf.notAfter)
    const verdict = context.controllerOf(certificate.ref.namespace, certificate.ref.name)
    const computed =
      verdict?.renewalTime === undefined || verdict.renewalTimeError !== undefined ? undefined : parseInstant(verdict.renewalTime)
    const planned = status.ari === undefined ? status.renewalTime : undefined
    const isElsewhen = (other: number): boolean => planned !== undefined && Math.abs(planned - other) > TOLERANCE
    const isRenewalStale = computed !== undefined && isElsewhen(computed) && otherReleases(certificate, chain.leaf).every(isElsewhen)
    if (!areDatesOther && !isRenewalStale) continue
    const issuing = status.conditions.some((condition) => condition.type === 'Issuing' && condition.status === 'True')
    if (issuing || issuerOverwrittenBy(context.model, certificate)) continue
    const dates = [
      ['notBefore', status.notBefore, chain.leaf.notBefore],
      ['notAfter', status.notAfter, chain.leaf.notAfter],
    ] as const
    const differing = dates.filter(([, written, now]) => isOther(written, now))
    yield finding({
      subject: certificate.ref,
      related: [chain.secret.ref],
      message:
        differing.length > 0
          ? say`The status of ${sayRef(certificate.ref)} speaks of another certificate than the one in its Secret`
          : say`The status of ${sayRef(certificate.ref)} plans the renewal for another time than its spec asks for`,
      evidence: [
        ...differing.flatMap(([name, written, now]) => [
          { label: `status.${name}`, text: say`${sayInstant(written ?? 0)}` },
          { label: 'in the Secret', text: say`${sayInstant(now)}` },
        ]),
        ...(isRenewalStale && planned !== undefined
          ? [
              { label: 'status.renewalTime', text: say`${sayInstant(planned)}` },
              { label: 'by spec and certificate', text: say`${sayInstant(computed)}` },
            ]
          : []),
      ],
      places: [certificate.placeOf(['status', differing[0]?.[0] ?? 'renewalTime'])],
      remedy: {
        text: say`See whether the controller runs, and what else writes the Secret`,
        commands: [...describe(certificate.ref), ...describe(chain.secret.ref)],
      },
    })
  }
}

export const renewalStatusStale: Rule = {
  id: 'renewal-status-stale',
  group: 'validity',
  severity: 'warning',
  title: 'The status does not describe the certificate in the Secret',
  means:
    'status.notBefore or status.notAfter differs from the first certificate in the Secret, or status.renewalTime from what spec and certificate give.',
  matters: 'cert-manager plans the renewal from the status it wrote; it did not see Secret or spec change, or it does not run.',
  mend: 'See whether the controller runs; restart it.',
  silent:
    'Silent while the Certificate is being issued, and for a renewal time that the issuer suggested (ARI) or another release of cert-manager would give. Not evaluable without status.',
  sources: [{ document: 'cert-manager', at: 'issues/7895' }],
  needs: ['certificate-resource', 'status', 'secret-data'],
  check,
}
