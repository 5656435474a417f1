import { isKubectl, takesValue } from './listing-command.ts'

/** What a line of a terminal session says of the cluster, and of what was printed before it. */
export interface SessionStep {
  /** Clusters that its commands speak to, as their flags name them; the empty text where that is left to the kubeconfig. */
  readonly clusters: readonly string[]
  /** From here on the kubeconfig means this cluster. */
  readonly turnsTo?: string
  /** It makes or changes objects: what was listed before may lack them. */
  readonly changes: boolean
}

const LONGEST_LINE = 2_000
const CLUSTER_FLAGS = new Set(['--context', '--kube-context', '--cluster', '--kubeconfig', '--server', '-s'])
const CHANGES = new Set(['apply', 'create', 'replace', 'patch', 'edit', 'install', 'upgrade', 'rollback'])
const ASKS = new Set(['get', 'describe', 'delete', 'logs', 'wait', 'annotate', 'label', 'rollout'])
const KUBECONFIG = 'KUBECONFIG'

/** A command may stand in quotes, in backticks or behind `$(`. */
const bare = (word: string): string => {
  let from = 0
  while (from < word.length && '`"\'$('.includes(word[from] as string)) from++
  return word.slice(from)
}

/** What kubectl itself prints of an object that it made: `issuer.cert-manager.io/ca created`, `issuer "ca" configured`. */
const tellsChange = (line: string): boolean =>
  / (created|configured|serverside-applied|replaced|patched|edited)$/.test(line.trimEnd()) &&
  (line.includes('/') || line.includes('"')) &&
  line.trim().split(' ', 4).length <= 3

/** What one command, from its program on, does; undefined where it is none that speaks to a cluster. */
const readCommand = (words: readonly string[], program: number): { verb: string; rest: readonly string[]; cluster: string } | undefined => {
  const plain: string[] = []
  let cluster = ''
  for (let i = program + 1; i < words.length; i++) {
    const word = words[i] as string
    if (word.includes('|') || word === ';' || word === '&&') break
    const equals = word.indexOf('=')
    const flag = word.startsWith('-') && equals > 0 ? word.slice(0, equals) : word
    if (CLUSTER_FLAGS.has(flag)) cluster += `${flag}=${equals > 0 ? word.slice(equals + 1) : (words[i + 1] ?? '')} `
    if (flag === '--dry-run' && word !== '--dry-run=none') return undefined
    if (!flag.startsWith('-')) plain.push(bare(word))
    else if (takesValue(flag) && equals < 0) i++
  }
  const [verb, ...rest] = plain
  return verb === undefined ? undefined : { verb, rest, cluster }
}

/**
 * Reads a line such as `$ kubectl --context prod apply -f issuer.yaml`, `kubectl config use-context prod`, `export KUBECONFIG=…`.
 * @returns undefined where the line neither speaks to a cluster nor changes which one is meant
 */
export const readSessionStep = (line: string): SessionStep | undefined => {
  if (line.length > LONGEST_LINE) return undefined
  if (tellsChange(line)) return { clusters: [], changes: true }
  const words = line.trim().split(/\s+/)
  const clusters: string[] = []
  let turnsTo: string | undefined
  let changes = false
  let before = ''
  words.forEach((written, index) => {
    const word = bare(written)
    if (word.startsWith(`${KUBECONFIG}=`)) before = `${word} `
    if (word === 'kubectx' && index < words.length - 1) turnsTo = words[index + 1]
    if (!isKubectl(word) && word !== 'helm') return
    const command = readCommand(words, index)
    if (!command) return
    const { verb, rest, cluster } = command
    if (verb === 'config' && rest[0] === 'use-context') turnsTo = rest[1]
    else if (verb === 'login') turnsTo = rest.join(' ')
    else if (CHANGES.has(verb) || ASKS.has(verb)) {
      clusters.push(before + cluster)
      changes ||= CHANGES.has(verb)
    }
  })
  if (clusters.length === 0 && line.includes(KUBECONFIG) && line.includes('=')) turnsTo = line.trim()
  return clusters.length === 0 && turnsTo === undefined ? undefined : { clusters, ...(turnsTo !== undefined && { turnsTo }), changes }
}
