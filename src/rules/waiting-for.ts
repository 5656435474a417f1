import type { Ref } from '../base/ref.ts'
import type { IssuerNode } from '../model/model.ts'
import type { RuleContext } from './rule.ts'

/** Certificates that cannot be issued while this issuer cannot sign: without a Secret, or with a request under way. */
export const waitingFor = ({ causes, model }: Pick<RuleContext, 'causes' | 'model'>, issuer: IssuerNode): readonly Ref[] =>
  model
    .issuedBy(issuer)
    .filter((certificate) => !model.secret(certificate.ref.namespace, certificate.spec.secretName) || causes.blockingRequest(certificate))
    .map((certificate) => certificate.ref)
