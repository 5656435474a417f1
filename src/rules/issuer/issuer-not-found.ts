import { say, sayList } from '../../base/phrase.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import type { Model } from '../../model/model.ts'
import { edit } from '../commands.ts'
import { missingIssuer } from '../missing-issuer.ts'
import type { Evidence, Rule, RuleContext } from '../rule.ts'
import { finding, notEvaluable } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'

const wantedRef = (certificate: CertificateResource) => {
  const ref = certificate.spec.issuerRef
  const kind = ref?.kind ?? 'Issuer'
  return {
    kind,
    ...(kind !== 'ClusterIssuer' && certificate.ref.namespace !== undefined && { namespace: certificate.ref.namespace }),
    name: ref?.name ?? '',
  }
}

const sayMissing = (certificate: CertificateResource, model: Model): Evidence => {
  switch (missingIssuer(model, certificate)) {
    case 'told-by-request':
      return { label: 'cert-manager', text: say`says so in the CertificateRequest` }
    case 'is-cluster-issuer':
      return { label: 'dump', text: say`has a ClusterIssuer of that name and no Issuer, and the Certificate is not ready` }
    default:
      return {
        label: 'dump',
        text: say`lists the ${certificate.spec.issuerRef?.kind === 'ClusterIssuer' ? 'ClusterIssuers' : 'issuers of that namespace'}, not this one`,
      }
  }
}

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  const groups = new Map<string, CertificateResource[]>()
  for (const certificate of model.inventory.certificates) {
    if (model.resolveIssuer(certificate.spec.issuerRef, certificate.ref.namespace).status !== 'not-found') continue
    const wanted = wantedRef(certificate)
    const kind = wanted.kind === 'ClusterIssuer' ? 'ClusterIssuer' : 'Issuer'
    if (!missingIssuer(model, certificate)) {
      yield notEvaluable([kind === 'ClusterIssuer' ? 'cluster-issuers' : 'issuer'], certificate.ref)
      continue
    }
    const key = `${kind}/${sayRef(wanted)}`
    const known = groups.get(key)
    if (known) known.push(certificate)
    else groups.set(key, [certificate])
  }
  for (const certificates of groups.values()) {
    const [first] = certificates
    if (!first) continue
    const wanted = wantedRef(first)
    const alike = model.issuersNamed(wanted.name).map((issuer) => `${issuer.ref.kind} ${sayRef(issuer.ref)}`)
    const others = certificates.slice(1).map((certificate) => certificate.ref)
    yield finding({
      subject: first.ref,
      related: others,
      message: say`${wanted.kind} ${wanted.name} does not exist ${wanted.kind === 'ClusterIssuer' ? 'in the cluster' : `in namespace ${first.ref.namespace ?? ''}`}; ${sayList(sayRefs([first.ref, ...others]))} cannot be issued`,
      evidence: [sayMissing(first, model), ...(alike.length > 0 ? [{ label: 'of that name', text: sayList(alike) }] : [])],
      places: certificates.slice(0, 10).map((certificate) => certificate.placeOf(['spec', 'issuerRef'])),
      remedy: {
        text:
          alike.length > 0
            ? say`Set kind and name in issuerRef to the issuer that exists (${sayList(alike)}), or create the missing one`
            : say`Correct issuerRef, or create the issuer`,
        commands: edit(first.ref),
      },
    })
  }
}

export const issuerNotFound: Rule = {
  id: 'issuer-not-found',
  group: 'issuer',
  severity: 'error',
  title: 'The issuer does not exist',
  means:
    'issuerRef resolves to nothing: a complete list of the issuers (a List, a table, the files of a collector) has no Issuer of that name in the namespace of the Certificate, or no such ClusterIssuer; or cert-manager itself says so in the CertificateRequest; or only a ClusterIssuer has that name, and the Certificate is not ready.',
  matters: 'The Certificate is never issued; what exists is not renewed.',
  mend: 'Correct kind and name in issuerRef, or create the issuer.',
  silent:
    'Silent when it resolves, and for issuers of other groups. Not evaluable where nothing proves that the issuer is not there: the dump has no list of the issuers of that kind and namespace (an API Connect postmortem has no ClusterIssuers), only some of them, printed or pasted one by one, or a table that is shortened, filtered, older than a change, or of another cluster.',
  sources: [
    { document: 'cert-manager', at: 'issues/462' },
    { document: 'cert-manager', at: 'issues/3066' },
  ],
  needs: ['issuer', 'cluster-issuers', 'certificate-resource'],
  check,
}
