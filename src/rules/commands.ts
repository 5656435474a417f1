import type { Ref } from '../base/ref.ts'

const alphabet = (characters: string): ReadonlySet<number> => new Set([...characters].map((character) => character.charCodeAt(0)))

const IN_NAMES = alphabet('abcdefghijklmnopqrstuvwxyz0123456789.-')
const BARE = alphabet('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+')

const isOf = (text: string, characters: ReadonlySet<number>): boolean => {
  for (let i = 0; i < text.length; i++) if (!characters.has(text.charCodeAt(i))) return false
  return true
}

const isLegalName = (name: string): boolean => {
  if (name.length === 0 || name.length > 253 || !isOf(name, IN_NAMES)) return false
  return !'.-'.includes(name[0] as string) && !'.-'.includes(name[name.length - 1] as string)
}

/** Quotes one word for a POSIX shell; what needs no quotes stands bare. */
export const shellQuote = (word: string): string => {
  if (!isOf(word, BARE)) return `'${word.replaceAll("'", `'\\''`)}'`
  return word === '' ? "''" : word
}

const areLegal = (refs: readonly Ref[]): boolean =>
  refs.every((ref) => isLegalName(ref.name) && (ref.namespace === undefined || isLegalName(ref.namespace)))

const line = (...words: readonly string[]): string => words.map(shellQuote).join(' ')

const byNamespace = (refs: readonly Ref[]): readonly (readonly [string | undefined, readonly string[]])[] => {
  const groups = new Map<string | undefined, Set<string>>()
  for (const ref of refs) {
    const known = groups.get(ref.namespace)
    if (known) known.add(ref.name)
    else groups.set(ref.namespace, new Set([ref.name]))
  }
  return [...groups].map(([namespace, names]) => [namespace, [...names]])
}

const NAMES_PER_COMMAND = 40

/** One command for each namespace and forty names. A name that Kubernetes could not hold yields no command. */
const perNamespace = (
  refs: readonly Ref[],
  words: (namespace: string | undefined, names: readonly string[]) => readonly string[],
): readonly string[] => {
  if (!areLegal(refs)) return []
  return byNamespace(refs).flatMap(([namespace, names]) => {
    const out: string[] = []
    for (let from = 0; from < names.length; from += NAMES_PER_COMMAND)
      out.push(line(...words(namespace, names.slice(from, from + NAMES_PER_COMMAND))))
    return out
  })
}

const inNamespace = (namespace: string | undefined): readonly string[] => (namespace === undefined ? [] : ['-n', namespace])

/** `cmctl renew -n NS NAME…`: issues these Certificates anew. */
export const renew = (certificates: readonly Ref[]): readonly string[] =>
  perNamespace(certificates, (namespace, names) => ['cmctl', 'renew', ...inNamespace(namespace), ...names])

const RESOURCES: Readonly<Record<string, string>> = {
  Certificate: 'certificate.cert-manager.io',
  CertificateRequest: 'certificaterequest.cert-manager.io',
  Issuer: 'issuer.cert-manager.io',
  ClusterIssuer: 'clusterissuer.cert-manager.io',
  Secret: 'secret',
}

const resourceOf = (ref: Ref): string => RESOURCES[ref.kind] ?? ref.kind.toLowerCase()

const forOne = (verb: readonly string[], ref: Ref, rest: readonly string[] = []): readonly string[] =>
  perNamespace([ref], (namespace, names) => ['kubectl', ...verb, resourceOf(ref), ...names, ...inNamespace(namespace), ...rest])

/** `kubectl describe` of one object. */
export const describe = (ref: Ref): readonly string[] => forOne(['describe'], ref)
/** `kubectl edit` of one object. */
export const edit = (ref: Ref): readonly string[] => forOne(['edit'], ref)
/** `kubectl delete` of one object. */
export const remove = (ref: Ref): readonly string[] => forOne(['delete'], ref)
/** `kubectl patch` of one object with a merge patch. */
export const patch = (ref: Ref, change: object): readonly string[] =>
  forOne(['patch'], ref, ['--type', 'merge', '-p', JSON.stringify(change)])
/** `cmctl approve` of a CertificateRequest. */
export const approve = (ref: Ref): readonly string[] =>
  perNamespace([ref], (namespace, names) => ['cmctl', 'approve', ...inNamespace(namespace), ...names])
/** `cmctl status certificate`. */
export const status = (ref: Ref): readonly string[] =>
  perNamespace([ref], (namespace, names) => ['cmctl', 'status', 'certificate', ...inNamespace(namespace), ...names])

/** Copies a Secret to another namespace without what belongs to the first one. */
export const copySecret = (secret: Ref, namespace: string): readonly string[] => {
  const target: Ref = { kind: 'Secret', namespace, name: secret.name }
  if (!areLegal([secret, target])) return []
  return [
    `${line('kubectl', 'get', 'secret', secret.name, ...inNamespace(secret.namespace), '-o', 'json')} | jq '{apiVersion, kind, type, data, metadata: {name: .metadata.name}}' | ${line('kubectl', 'apply', '-n', namespace, '-f', '-')}`,
  ]
}
