import { parseInstant } from '../../base/instant.ts'
import type { Phrase } from '../../base/phrase.ts'
import { say, sayList } from '../../base/phrase.ts'
import type { CertificateRequestResource } from '../../inventory/certificate-request.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import type { Condition } from '../../inventory/resource.ts'
import { isTemporary } from '../../model/build-chain.ts'
import type { Chain, Model } from '../../model/model.ts'
import { describe, renew } from '../commands.ts'
import { refusesToSign } from '../refuses-to-sign.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayInstant, sayRef, sayRefs } from '../wording.ts'

interface FailedRequest {
  readonly certificate: CertificateResource
  readonly request: CertificateRequestResource
  readonly condition: Condition | undefined
  /** The Secret still holds a certificate that is valid. */
  readonly worksUntil: number | undefined
  /** The CA's Secret is why, and another rule tells it. */
  readonly caFault: Phrase | undefined
}

const faultOfCa = (ca: Chain, model: Model): Phrase | undefined => {
  if (ca.order.kind !== 'ordered' && refusesToSign(ca, model))
    return say`the certificates of the CA's Secret are not one line (chain-order)`
  return ca.keyMatches.status === 'failed' ? say`the CA's key does not belong to its certificate (ca-key-mismatch)` : undefined
}

const findFailed = ({ at, causes, model }: RuleContext): readonly FailedRequest[] =>
  model.inventory.certificates.flatMap((certificate): FailedRequest[] => {
    const blocking = causes.blockingRequest(certificate)
    if (blocking?.state !== 'failed' || causes.issuerFaultOf(certificate)) return []
    const chain = model.chainOf(certificate.ref.namespace, certificate.spec.secretName)
    const works = chain !== undefined && chain.leaf.notAfter >= at && !isTemporary(chain.leaf)
    const issuer = model.resolveIssuer(certificate.spec.issuerRef, certificate.ref.namespace)
    const caSecret = issuer.status === 'found' ? issuer.issuer.caSecret : undefined
    const ca = caSecret && model.chainOf(caSecret.ref.namespace, caSecret.ref.name)
    return [
      {
        certificate,
        request: blocking.request,
        condition: blocking.condition,
        worksUntil: works ? chain.leaf.notAfter : undefined,
        caFault: ca && faultOfCa(ca, model),
      },
    ]
  })

/** Requests to one issuer that failed with one message failed for one reason. */
const groupByReason = (failed: readonly FailedRequest[]): readonly (readonly FailedRequest[])[] => {
  const groups = new Map<string, FailedRequest[]>()
  for (const item of failed) {
    const { certificate, condition, worksUntil } = item
    const ref = certificate.spec.issuerRef
    const space = ref?.kind === 'ClusterIssuer' ? '' : certificate.ref.namespace
    const key = JSON.stringify([ref?.group, ref?.kind, space, ref?.name, condition?.message, worksUntil !== undefined])
    const known = groups.get(key)
    if (known) known.push(item)
    else groups.set(key, [item])
  }
  return [...groups.values()]
}

const check = function* (context: RuleContext): ReturnType<Rule['check']> {
  for (const group of groupByReason(findFailed(context))) {
    const [first] = group
    if (!first) continue
    const { certificate, request, condition, worksUntil, caFault } = first
    const refs = group.map((item) => item.certificate.ref)
    const single = refs.length === 1
    const backoff = context.controllerOf(certificate.ref.namespace, certificate.ref.name)?.backoffUntil
    const next = backoff === undefined ? undefined : parseInstant(backoff)
    const attempts = certificate.status?.failedIssuanceAttempts
    yield finding({
      severity: worksUntil !== undefined || caFault ? 'warning' : 'error',
      subject: certificate.ref,
      related: [...refs.slice(1), ...group.map((item) => item.request.ref)],
      message: single
        ? say`The last request of ${sayRef(certificate.ref)} failed: ${condition?.reason ?? 'Failed'}`
        : say`The last requests of ${refs.length} Certificates failed for one reason: ${sayList(sayRefs(refs, certificate.ref.namespace))}`,
      evidence: [
        ...(condition?.message === undefined ? [] : [{ label: 'cert-manager', text: say`${condition.message}` }]),
        ...(caFault ? [{ label: 'cause', text: caFault }] : []),
        ...(!single || attempts === undefined ? [] : [{ label: 'attempts', text: say`${attempts}` }]),
        ...(next === undefined ? [] : [{ label: 'next attempt', text: say`not before ${sayInstant(next)}` }]),
        ...(worksUntil === undefined
          ? []
          : [
              {
                label: 'meanwhile',
                text: say`the certificate in the Secret${single ? '' : ` of ${sayRef(certificate.ref)}`} is valid until ${sayInstant(worksUntil)}`,
              },
            ]),
      ],
      places: group.slice(0, 10).map((item) => item.request.placeOf(['status', 'conditions'])),
      remedy: {
        text: caFault
          ? say`Mend the CA first; then cmctl renew tries at once, without waiting for the next attempt`
          : say`Mend what the message names; cmctl renew tries at once, without waiting for the next attempt`,
        commands: [...describe(request.ref), ...renew(refs)],
      },
    })
  }
}

export const requestFailed: Rule = {
  id: 'request-failed',
  group: 'request',
  severity: 'error',
  title: 'The CertificateRequest failed',
  means: 'The newest request of a Certificate, not yet overtaken by a success, ended in Failed or InvalidRequest.',
  matters:
    'Nothing is issued until the next attempt, and each failure doubles the wait up to 32 hours. A warning while the Secret still holds a valid certificate, and where ca-key-mismatch or chain-order tells the cause.',
  mend: 'Mend the cause, then renew.',
  silent: 'Silent for requests of revisions that were issued since. Not evaluable where requests were not collected.',
  sources: [{ document: 'cert-manager', at: 'pkg/controller/certificates/issuing/issuing_controller.go' }],
  needs: ['certificate-requests'],
  check,
}
