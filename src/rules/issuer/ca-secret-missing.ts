import { say, sayList } from '../../base/phrase.ts'
import { uniqueRefs } from '../causes.ts'
import { copySecret, describe } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding, notEvaluable } from '../rule.ts'
import { waitingFor } from '../waiting-for.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* ({ causes, model }: RuleContext): ReturnType<Rule['check']> {
  for (const issuer of model.issuers) {
    const name = issuer.resource.caSecretName
    if (name === undefined) continue
    if (causes.issuerFault(issuer) !== 'ca-secret-missing') {
      if (!issuer.caSecret) yield notEvaluable(['secret'], issuer.ref)
      continue
    }
    const ready = issuer.resource.conditions.find((condition) => condition.type === 'Ready')
    const elsewhere = model.secretsNamed(name).filter((secret) => secret !== (ready?.status === 'True' ? issuer.caSecret : undefined))
    const found = elsewhere.filter((secret) => secret.ref.namespace !== issuer.secretNamespace || issuer.secretNamespaceFrom === 'default')
    const due = { kind: 'Secret', ...(issuer.secretNamespace !== undefined && { namespace: issuer.secretNamespace }), name }
    const waiting = waitingFor({ causes, model }, issuer)
    const filledBy = model.claimantsOf(issuer.secretNamespace, name).map((certificate) => certificate.ref)
    const isCluster = issuer.ref.kind === 'ClusterIssuer'
    yield finding({
      subject: issuer.ref,
      related: uniqueRefs([...(issuer.caSecret ? [] : [due, ...filledBy]), ...waiting]),
      message: say`${issuer.ref.kind} ${sayRef(issuer.ref)} signs with Secret ${name}, which is not ${isCluster ? 'in the cluster resource namespace' : `in namespace ${issuer.ref.namespace ?? ''}`}`,
      evidence: [
        ...(ready?.status !== 'True' && ready?.message !== undefined
          ? [{ label: 'cert-manager', text: say`${ready.message}` }]
          : [{ label: 'dump', text: say`holds other Secrets of ${issuer.secretNamespace ?? 'that namespace'}, not this one` }]),
        ...(isCluster && issuer.secretNamespaceFrom !== 'option'
          ? [
              {
                label: 'a guess',
                text: say`the cluster resource namespace is ${issuer.secretNamespace ?? ''}: it is a flag of the controller and not in the dump`,
              },
            ]
          : []),
        ...(found.length > 0 ? [{ label: 'of that name elsewhere', text: sayList(sayRefs(found.map((secret) => secret.ref))) }] : []),
        ...(!issuer.caSecret && filledBy.length > 0
          ? [{ label: 'filled by', text: say`Certificate ${sayList(sayRefs(filledBy, issuer.ref.namespace))}` }]
          : []),
        ...(waiting.length > 0 ? [{ label: 'waiting', text: sayList(sayRefs(waiting, issuer.ref.namespace)) }] : []),
      ],
      places: [issuer.resource.placeOf(['spec', 'ca', 'secretName'])],
      remedy: {
        text:
          found.length > 0
            ? say`If that is the CA meant, copy it to where the controller looks`
            : filledBy[0] && !issuer.caSecret
              ? say`Restore the Secret, or let Certificate ${sayRef(filledBy[0])} fill it again: with a new key, everything below is issued anew after it`
              : say`Create the Secret with the CA's tls.crt and tls.key, or correct spec.ca.secretName`,
        commands: [
          ...describe(issuer.ref),
          ...(filledBy[0] && !issuer.caSecret ? describe(filledBy[0]) : []),
          ...(found[0] && issuer.secretNamespace !== undefined && found[0].ref.namespace !== issuer.secretNamespace
            ? copySecret(found[0].ref, issuer.secretNamespace)
            : []),
        ],
      },
    })
  }
}

export const caSecretMissing: Rule = {
  id: 'ca-secret-missing',
  group: 'issuer',
  severity: 'error',
  title: "The Secret of the issuer's CA is missing",
  means:
    'spec.ca.secretName names a Secret that is not where the controller looks: the namespace of an Issuer, the cluster resource namespace for a ClusterIssuer.',
  matters: 'The issuer cannot sign; every Certificate that names it waits.',
  mend: 'Create or copy the Secret, or correct the name.',
  silent: 'Silent when the Secret is there. Not evaluable where the dump cannot know absence.',
  sources: [
    { document: 'cert-manager', at: 'issues/7120' },
    { document: 'cert-manager', at: 'issues/2130' },
  ],
  needs: ['issuer', 'secret'],
  check,
}
