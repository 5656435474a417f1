import { parseArgs } from 'node:util'

/** What the command was asked to do. */
export interface CliOptions {
  readonly paths: readonly string[]
  readonly at?: string
  readonly format: 'text' | 'json'
  readonly output?: string
  readonly failOn: 'error' | 'warning' | 'info' | 'never'
  readonly namespaces: readonly string[]
  readonly rules: readonly string[]
  readonly ignore: readonly string[]
  readonly certManagerVersion?: string
  readonly clusterResourceNamespace?: string
  readonly featureGates?: string
  readonly enableCertificateOwnerRef?: boolean
  readonly color?: boolean
  readonly verbose: boolean
}

export type CliRequest =
  | { readonly do: 'analyze'; readonly options: CliOptions }
  | { readonly do: 'help' | 'version' }
  | { readonly do: 'explain'; readonly rule?: string }
  | { readonly do: 'refuse'; readonly why: string }

const FLAGS = {
  at: { type: 'string' },
  format: { type: 'string', short: 'f', default: 'text' },
  output: { type: 'string', short: 'o' },
  'fail-on': { type: 'string', default: 'error' },
  namespace: { type: 'string', short: 'n', multiple: true },
  rule: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  'cert-manager-version': { type: 'string' },
  'cluster-resource-namespace': { type: 'string' },
  'feature-gates': { type: 'string' },
  'enable-certificate-owner-ref': { type: 'boolean' },
  color: { type: 'boolean' },
  'no-color': { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v', default: false },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
} as const

const list = (values: readonly string[] | undefined): readonly string[] =>
  (values ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '')

/** `v1.18.6`, `1.18`, `v1.18.0-beta.1`: what the analysis reads as a version. */
const isVersion = (text: string): boolean => text.length <= 64 && /^v?\d{1,4}\.\d{1,4}(\.\d{1,4})?([-+][0-9A-Za-z.+-]+)?$/.test(text)

/** As the controller reads its flag: booleans as Go writes them, blanks around names and values. */
const isGate = (text: string): boolean => /^[A-Za-z]\w*\s*=\s*(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text.trim())

/** Longer lists are not read to their end. */
const LONGEST_GATES = 4096

const areGates = (text: string): boolean => text.length <= LONGEST_GATES && text.split(',').every(isGate)

const oneOf = <T extends string>(value: string, allowed: readonly T[]): T | undefined => allowed.find((item) => item === value)

/** Reads the command line; never throws. */
export const parseCommandLine = (args: readonly string[]): CliRequest => {
  let parsed
  try {
    parsed = parseArgs({ args: [...args], options: FLAGS, allowPositionals: true, strict: true })
  } catch (error) {
    return { do: 'refuse', why: error instanceof Error ? (error.message.split(/\.\s/)[0] ?? 'wrong arguments') : 'wrong arguments' }
  }
  const { values, positionals } = parsed
  if (values.help) return { do: 'help' }
  if (values.version) return { do: 'version' }
  if (positionals[0] === 'explain') {
    const [, rule, more] = positionals
    if (more !== undefined) return { do: 'refuse', why: `explain takes one rule; ${more} is one more` }
    return { do: 'explain', ...(rule !== undefined && { rule }) }
  }
  const format = oneOf(values.format, ['text', 'json'])
  if (!format) return { do: 'refuse', why: `--format is text or json, not ${values.format}` }
  const failOn = oneOf(values['fail-on'], ['error', 'warning', 'info', 'never'])
  if (!failOn) return { do: 'refuse', why: `--fail-on is error, warning, info or never, not ${values['fail-on']}` }
  const version = values['cert-manager-version']
  if (version !== undefined && !isVersion(version))
    return { do: 'refuse', why: `--cert-manager-version is a release such as v1.18.6 or 1.18, not ${version}` }
  const gates = values['feature-gates']
  if (gates !== undefined && !areGates(gates))
    return { do: 'refuse', why: `--feature-gates is a list such as OtherNames=true,ServerSideApply=false, not ${gates}` }
  return {
    do: 'analyze',
    options: {
      paths: positionals,
      format,
      failOn,
      namespaces: list(values.namespace),
      rules: list(values.rule),
      ignore: list(values.ignore),
      verbose: values.verbose,
      ...(values.at !== undefined && { at: values.at }),
      ...(values.output !== undefined && { output: values.output }),
      ...(version !== undefined && { certManagerVersion: version }),
      ...(values['cluster-resource-namespace'] !== undefined && { clusterResourceNamespace: values['cluster-resource-namespace'] }),
      ...(gates !== undefined && { featureGates: gates }),
      ...(values['enable-certificate-owner-ref'] !== undefined && { enableCertificateOwnerRef: values['enable-certificate-owner-ref'] }),
      ...(values['no-color'] ? { color: false } : values.color ? { color: true } : {}),
    },
  }
}

export const HELP = `kubepki reads what kubectl exported of cert-manager's issuers, Certificates and Secrets,
and says offline who issued what, what is broken, and in which order to mend it.

Usage
  kubepki [options] PATH…       files, folders, archives (.tar.gz, .tgz, .tar, .zip, .gz)
  kubectl get issuers,clusterissuers,certificates,certificaterequests,secrets -A -o yaml | kubepki
  kubepki explain [RULE]        what a rule means, or the list of all

Options
  --at INSTANT                  look from this instant (RFC 3339); default: when the bundle was
                                collected where it tells, else now
  -f, --format text|json        default: text
  -o, --output FILE             write the report there instead of standard output
  --fail-on error|warning|info|never
                                exit with 1 from this severity on; default: error
  -n, --namespace NS            tell only what concerns this namespace (repeatable)
  --rule ID, --ignore ID        only these rules, all but these (repeatable)
  --cert-manager-version V      the controller's version; default: what the dump tells of it, else
                                the newest that is known here
  --cluster-resource-namespace NS
                                where a ClusterIssuer's Secrets are
  --feature-gates LIST          as the controller's own flag has it: Name=true,Other=false
  --enable-certificate-owner-ref
  --color, --no-color           default: colour on a terminal, unless NO_COLOR is set
  -v, --verbose                 tell what is only information, too
  -h, --help    -V, --version

Exit status
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  wrong arguments, or nothing of cert-manager found in what was given

If kubectl cannot print YAML ("control characters are not allowed"), use -o json.
`
