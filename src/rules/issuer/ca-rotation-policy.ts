import { say, sayList } from '../../base/phrase.ts'
import type { CertificateResource } from '../../inventory/certificate-resource.ts'
import type { Model } from '../../model/model.ts'
import { patch } from '../commands.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRefs } from '../wording.ts'

const feedsIssuer = (model: Model, certificate: CertificateResource): boolean => {
  const secret = model.secret(certificate.ref.namespace, certificate.spec.secretName)
  return certificate.spec.isCA === true && secret !== undefined && model.issuersOf(secret).length > 0
}

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  const cas = model.inventory.certificates.filter((certificate) => feedsIssuer(model, certificate))
  const groups = [
    {
      policy: undefined,
      severity: 'warning',
      refs: cas.filter((certificate) => (certificate.spec.privateKey?.rotationPolicy ?? '') === '').map((certificate) => certificate.ref),
    },
    {
      policy: 'Always',
      severity: 'info',
      refs: cas.filter((certificate) => certificate.spec.privateKey?.rotationPolicy === 'Always').map((certificate) => certificate.ref),
    },
  ] as const
  for (const { policy, severity, refs } of groups) {
    const [subject, ...others] = refs
    if (!subject) continue
    const places = cas
      .filter((certificate) => refs.includes(certificate.ref))
      .map((certificate) => certificate.placeOf(['spec', 'privateKey', 'rotationPolicy']))
    yield finding({
      severity,
      subject,
      related: others,
      message:
        policy === undefined
          ? say`rotationPolicy of ${refs.length === 1 ? 'the CA' : 'the CAs'} ${sayList(sayRefs(refs))} is not set: since cert-manager 1.18 that means a new key at each renewal`
          : say`${refs.length === 1 ? 'The CA' : 'The CAs'} ${sayList(sayRefs(refs))} ${refs.length === 1 ? 'gets' : 'get'} a new key at each renewal (rotationPolicy Always)`,
      evidence: [
        {
          label: 'effect',
          text: say`after its renewal, nothing that it signed before verifies under it, and cert-manager renews none of it`,
        },
      ],
      places: places.slice(0, 10),
      remedy: {
        text: say`Keep the key (rotationPolicy Never), or plan each renewal of the CA together with everything below it`,
        commands: refs.slice(0, 10).flatMap((ref) => patch(ref, { spec: { privateKey: { rotationPolicy: 'Never' } } })),
      },
    })
  }
}

export const caRotationPolicy: Rule = {
  id: 'ca-rotation-policy',
  group: 'issuer',
  severity: 'warning',
  title: "A CA's key changes at its renewal",
  means: 'The Certificate of a CA that an issuer signs with has no rotationPolicy, or Always.',
  matters:
    'When the CA is renewed it gets a new key, and everything below it stops verifying at that moment. Before cert-manager 1.18 unset meant Never: an upgrade changes it silently. A policy that was chosen (Always) is only information.',
  mend: 'Set rotationPolicy: Never for CAs, or plan the rotation.',
  silent: 'Silent for Never, and for CA certificates that no issuer signs with.',
  sources: [
    { document: 'cert-manager', at: 'issues/7601' },
    { document: 'cert-manager', at: 'pull/7723' },
  ],
  needs: ['certificate-resource', 'issuer'],
  check,
}
