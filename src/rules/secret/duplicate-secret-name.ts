import { say, sayList } from '../../base/phrase.ts'
import { edit } from '../commands.ts'
import { issuerOverwrittenBy } from '../own-ca-secret.ts'
import type { Rule, RuleContext } from '../rule.ts'
import { finding } from '../rule.ts'
import { sayRef, sayRefs } from '../wording.ts'

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  const told = new Set<string>()
  for (const certificate of model.inventory.certificates) {
    const { secretName } = certificate.spec
    if (secretName === undefined || secretName === '') continue
    const claimants = model.claimantsOf(certificate.ref.namespace, secretName)
    const key = `${certificate.ref.namespace ?? ''}/${secretName}`
    if (claimants.length < 2 || told.has(key)) continue
    told.add(key)
    const secret = model.secret(certificate.ref.namespace, secretName)
    const owner = (secret && model.ownerOf(secret)) ?? claimants[0] ?? certificate
    // Where one of them overwrites the CA of its own issuer, that one has to go, whoever wrote last.
    const intruders = claimants.filter((claimant) => issuerOverwrittenBy(model, claimant))
    const others =
      intruders.length > 0 && intruders.length < claimants.length ? intruders : claimants.filter((claimant) => claimant !== owner)
    yield finding({
      subject: (others[0] ?? owner).ref,
      related: [
        ...claimants.filter((claimant) => claimant !== (others[0] ?? owner)).map((claimant) => claimant.ref),
        ...(secret ? [secret.ref] : []),
      ],
      message: say`${claimants.length} Certificates write Secret ${secretName} in ${certificate.ref.namespace ?? ''}: ${sayList(
        sayRefs(
          claimants.map((claimant) => claimant.ref),
          certificate.ref.namespace,
        ),
      )}`,
      evidence: [
        {
          label: 'owner',
          text: say`${sayRef(owner.ref)}: ${secret?.metadata.annotations['cert-manager.io/certificate-name'] === owner.ref.name ? 'named by the Secret' : 'the oldest one'}`,
        },
        { label: 'cert-manager', text: say`since 1.13.2 never issues the others; before, they overwrite each other without end` },
      ],
      places: claimants.map((claimant) => claimant.placeOf(['spec', 'secretName'])),
      remedy: { text: say`Give each Certificate a secretName of its own`, commands: others.flatMap((claimant) => edit(claimant.ref)) },
    })
  }
}

export const duplicateSecretName: Rule = {
  id: 'duplicate-secret-name',
  group: 'secret',
  severity: 'error',
  title: 'Several Certificates write one Secret',
  means: 'Two or more Certificates of one namespace name the same secretName.',
  matters: 'Only one of them is ever issued (since 1.13.2), or they overwrite each other without end (before).',
  mend: 'Change one secretName.',
  silent: 'Silent when every secretName is named once.',
  sources: [{ document: 'cert-manager', at: 'issues/4846' }],
  needs: ['certificate-resource'],
  check,
}
