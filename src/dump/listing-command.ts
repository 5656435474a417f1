/** What a kubectl command asked for, as a prompt in a terminal session or the path of a collector's file tells it. */
export interface ListingCommand {
  readonly verb: 'get' | 'describe'
  /** Kinds as Kubernetes writes them; a resource that is none of ours is left out. */
  readonly kinds: readonly string[]
  /** `*` for all namespaces; undefined where the command leaves it to the kubeconfig. */
  readonly namespace?: string
  /** Nothing narrows it down: no names, no selector, no pipe. */
  readonly complete: boolean
  /** It asked for some objects by name, selector or number. A pipe alone does not: what is still a whole List behind it was none of `grep`'s. */
  readonly narrowed?: true
}

const KINDS: Readonly<Record<string, string>> = {
  secret: 'Secret',
  secrets: 'Secret',
  certificate: 'Certificate',
  certificates: 'Certificate',
  cert: 'Certificate',
  certs: 'Certificate',
  issuer: 'Issuer',
  issuers: 'Issuer',
  clusterissuer: 'ClusterIssuer',
  clusterissuers: 'ClusterIssuer',
  certificaterequest: 'CertificateRequest',
  certificaterequests: 'CertificateRequest',
  cr: 'CertificateRequest',
  crs: 'CertificateRequest',
}

/**
 * Kind of a resource as kubectl takes it: plural, singular or short name, with or without cert-manager's group.
 * @returns undefined for every other resource, also for one of the same name in another group
 */
export const kindOfResource = (resource: string): string | undefined => {
  const lower = resource.toLowerCase()
  const dot = lower.indexOf('.')
  const name = dot < 0 ? lower : lower.slice(0, dot)
  if (dot >= 0 && !lower.endsWith('.cert-manager.io') && !lower.endsWith('.certmanager.k8s.io')) return undefined
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
}

const PROGRAMS = new Set(['kubectl', 'oc', 'k', 'kubectl.exe', 'microk8s.kubectl'])
const TAKES_VALUE = new Set([
  '-n',
  '--namespace',
  '-o',
  '--output',
  '-l',
  '--selector',
  '--field-selector',
  '--context',
  '--kube-context',
  '--cluster',
  '--kubeconfig',
  '--server',
  '-s',
  '--user',
  '--token',
  '--as',
  '--sort-by',
  '--limit',
  '--chunk-size',
  '--request-timeout',
  '--raw',
  '--template',
  '-L',
  '--label-columns',
  '-f',
  '--filename',
  '-k',
  '--kustomize',
])
const NARROWS = new Set(['-l', '--selector', '--field-selector', '--limit', '-f', '--filename', '-k', '--kustomize'])
const ENDS = new Set(['>', '>>', '2>&1', '&>', '1>', ';', '&&'])

/** Does this word of a command line call kubectl or oc, whatever its path? */
export const isKubectl = (word: string): boolean => PROGRAMS.has(word.slice(word.lastIndexOf('/') + 1))

/** Does the word behind this flag belong to it? */
export const takesValue = (flag: string): boolean => TAKES_VALUE.has(flag)

/**
 * Reads a line such as `admin@bastion:~$ kubectl get secrets -n apic -l app=x`.
 * @returns undefined where the line is no `get` or `describe` of kubectl or oc
 */
export const readCommandLine = (line: string): ListingCommand | undefined => {
  if (line.length > 1_000 || !(line.includes(' get ') || line.includes(' describe '))) return undefined
  const words = line.trim().split(/\s+/)
  const start = words.findIndex(isKubectl)
  if (start < 0 || start > 8) return undefined
  let verb: ListingCommand['verb'] | undefined
  let namespace: string | undefined
  let complete = true
  let narrowed = false
  const names: string[] = []
  for (let i = start + 1; i < words.length; i++) {
    const word = words[i] as string
    if (word.includes('|')) {
      complete = false
      narrowed = words.slice(i).some((each) => each.includes('select('))
      break
    }
    if (ENDS.has(word)) break
    const equals = word.indexOf('=')
    const flag = word.startsWith('-') && equals > 0 ? word.slice(0, equals) : word
    const value = equals > 0 ? word.slice(equals + 1) : words[i + 1]
    if (flag.startsWith('-')) {
      if (flag === '-A' || (flag === '--all-namespaces' && value !== 'false')) namespace = '*'
      else if (flag === '-n' || flag === '--namespace') namespace = value
      else if (flag.startsWith('-n') && flag[2] !== undefined && !flag.startsWith('--')) namespace = flag.slice(2)
      if (NARROWS.has(flag) || flag.startsWith('-l')) narrowed = true
      if (TAKES_VALUE.has(flag) && equals < 0) i++
    } else if (verb === undefined) {
      if (word !== 'get' && word !== 'describe') return undefined
      verb = word
    } else names.push(word)
  }
  const [resources, ...named] = names
  if (verb === undefined) return undefined
  // `-f FILE` and `--raw PATH` name no resource.
  const kinds = resources?.split(',').flatMap((resource) => kindOfResource(resource) ?? []) ?? []
  narrowed ||= named.length > 0 || resources?.includes('/') === true
  return {
    verb,
    kinds,
    ...(namespace !== undefined && namespace !== '' && { namespace }),
    complete: complete && !narrowed && resources !== undefined,
    ...(narrowed && { narrowed }),
  }
}

/**
 * What the path of a collector's file says about the table or description in it: `namespaces/NS/secrets/secrets.out` of the
 * postmortem, the sos report's `kubectl_get_--all-namespaces_true_secrets`, a file that is called `secrets.txt`.
 */
export const readCommandOfPath = (sourceName: string): ListingCommand | undefined => {
  const parts = sourceName.split('/')
  const file = (parts.at(-1) ?? '').replace(/\.(gz|txt|out|log)$/, '')
  if (file.startsWith('kubectl_get_') || file.startsWith('oc_get_')) {
    const words = file.split('_').filter((word) => word !== '' && word !== 'true')
    const at = words.indexOf('--namespace')
    const namespace = words.includes('--all-namespaces') ? '*' : at > 0 ? words[at + 1] : undefined
    const kind = kindOfResource(words.at(-1) ?? '')
    return kind === undefined ? undefined : { verb: 'get', kinds: [kind], ...(namespace !== undefined && { namespace }), complete: true }
  }
  const inNamespace = parts.lastIndexOf('namespaces')
  const namespace = inNamespace >= 0 ? parts[inNamespace + 1] : undefined
  const folder = inNamespace >= 0 ? parts[inNamespace + 2] : undefined
  const where = namespace !== undefined && { namespace }
  if (folder === 'secrets' && parts[inNamespace + 3] === 'describe')
    return { verb: 'describe', kinds: ['Secret'], ...where, complete: false }
  const kind = kindOfResource(file)
  if (kind === undefined) return undefined
  // Somebody gave one namespace's folder: `apic/secrets/secrets.out`.
  const above = namespace === undefined && file === parts.at(-2) && parts.at(-1) === `${file}.out` ? parts.at(-3) : undefined
  return { verb: 'get', kinds: [kind], ...where, ...(above !== undefined && { namespace: above }), complete: true }
}
