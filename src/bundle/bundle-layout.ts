import { largest } from '../base/order.ts'
import { parseInstant } from '../base/instant.ts'

/** Who made a bundle, as the paths in it tell; `files` are files in an order of somebody's own. */
export type Collector =
  | 'api-connect-postmortem'
  | 'must-gather'
  | 'oc-adm-inspect'
  | 'troubleshoot'
  | 'support-bundle-kit'
  | 'velero'
  | 'cluster-info-dump'
  | 'sos'
  | 'files'

/** What a collector does not write. Kinds as Kubernetes writes them are not collected at all. */
export type LeftOut =
  | 'Issuer'
  | 'ClusterIssuer'
  | 'Certificate'
  | 'CertificateRequest'
  | 'Secret'
  /** `tls.key` and keystores. */
  | 'private-keys'
  /** Every value of a Secret. */
  | 'secret-values'
  /** Labels and annotations of Secrets. */
  | 'secret-metadata'
  /** Secrets of other types than kubernetes.io/tls. */
  | 'secrets-of-other-types'
  /** Secrets that the bundle's author did not name: their absence says nothing. */
  | 'secrets-not-asked-for'

const KINDS: ReadonlySet<LeftOut> = new Set<LeftOut>(['Issuer', 'ClusterIssuer', 'Certificate', 'CertificateRequest', 'Secret'])
const CUSTOM: readonly LeftOut[] = ['Certificate', 'CertificateRequest', 'ClusterIssuer', 'Issuer']

/** The kinds among what is left out. */
export const kindsLeftOut = (leavesOut: readonly LeftOut[]): readonly string[] => leavesOut.filter((each) => KINDS.has(each))

interface Mark {
  readonly name: string
  readonly at: RegExp
}

/** Parts of paths that the collectors write (facts of bundles, 1). Each looks at one path alone. */
const MARKS: readonly Mark[] = [
  { name: 'postmortem', at: /(^|\/)versions\/postmortem\.version$|(^|\/)kubernetes\/namespaces\/[^/]+\/(certs|issuers|secrets)\// },
  { name: 'postmortem', at: /(^|\/)(certs\/certs|issuers\/issuers|secrets\/secrets)\.out$/ },
  // Versions before 2023 had tables alone.
  { name: 'postmortem', at: /(^|\/)kubernetes\/(namespaces\/[^/]+|cluster)\/lists\/[^/]+\.out$/ },
  { name: 'postmortem-issuers', at: /(^|\/)issuers\/(issuers\.out$|yaml\/)/ },
  { name: 'postmortem-certs', at: /(^|\/)certs\/(certs\.out$|yaml\/)/ },
  { name: 'postmortem-secrets', at: /(^|\/)secrets\/yaml\// },
  { name: 'inspect', at: /(^|\/)namespaces\/[^/]+\/(core\/[^/]+(\/[^/]+)?|[^/.]+\.[^/]+\/[^/]+\/[^/]+)\.yaml$/ },
  { name: 'inspect', at: /(^|\/)cluster-scoped-resources\// },
  { name: 'gather', at: /(^|\/)(gather|must-gather)\.logs$|(^|\/)must-gather\.local\./ },
  { name: 'inspect-custom', at: /(^|\/)(namespaces\/[^/]+|cluster-scoped-resources)\/(cert-manager\.io|certmanager\.k8s\.io)\// },
  { name: 'inspect-secrets', at: /(^|\/)namespaces\/[^/]+\/core\/secrets(\/|\.yaml$)/ },
  { name: 'troubleshoot', at: /(^|\/)cluster-resources\/(custom-resources|pods|configmaps|auth-cani-list)\// },
  { name: 'troubleshoot', at: /(^|\/)secrets-errors\// },
  { name: 'kit', at: /(^|\/)yamls\/(cluster|namespaced)\// },
  { name: 'velero', at: /(^|\/)resources\/[^/]+\/([^/]+-preferredversion\/)?(namespaces\/[^/]+|cluster)\/[^/]+\.json$/ },
  { name: 'cluster-info', at: /(^|\/)[^/]+\/replication-controllers\.(json|yaml)$/ },
  { name: 'sos', at: /(^|\/)sos_commands\// },
  { name: 'sos-secrets', at: /kubectl_get_-o_json.*secrets$/ },
]

/** Watches the paths of one bundle pass by, and says at the end who made it. */
export interface LayoutWatch {
  /** @param path with the root's own name in front: somebody may have given the folder `namespaces` alone */
  readonly see: (path: string) => void
  /** The few members whose text tells something of the bundle itself. */
  readonly wants: (path: string) => boolean
  readonly read: (path: string, text: string) => void
  readonly tell: () => { readonly collector: Collector; readonly leavesOut: readonly LeftOut[]; readonly collectedAt?: number }
}

/** Hours east of Greenwich of abbreviations that `date +%Z` prints and that mean one zone only. */
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  WEST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  EST: -5,
  EDT: -4,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  JST: 9,
  KST: 9,
  AEST: 10,
  AEDT: 11,
  NZST: 12,
  NZDT: 13,
  HKT: 8,
  SGT: 8,
}

/** `apiconnect-logs-[HOST-]20261124T044756UTC`, `support-bundle-2026-11-24T05_02_22`: the instant in a bundle's name, epoch milliseconds. */
export const instantOfName = (name: string): number | undefined => {
  const postmortem = /(?:apiconnect-logs|postmortem)-.{0,255}?(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})([A-Z]{1,5})/.exec(name)
  if (postmortem) {
    const [, year, month, day, hour, minute, second, zone = ''] = postmortem
    const offset = Object.hasOwn(ZONES, zone) ? ZONES[zone] : undefined
    const local = parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
    return offset === undefined || local === undefined ? undefined : local - offset * 3_600_000
  }
  const bundle = /(?:support-bundle|supportbundle)[-_].{0,255}?(\d{4}-\d{2}-\d{2})T(\d{2})[_-](\d{2})[_-](\d{2})/.exec(name)
  return bundle ? parseInstant(`${bundle[1]}T${bundle[2]}:${bundle[3]}:${bundle[4]}Z`) : undefined
}

/** Names that an archive inside of a bundle has. */
const ARCHIVE = /\.(zip|tgz|tar|gz)$/

/** The top folder of a bundle, or an archive at its top; undefined for any other file there. */
const topOf = (path: string): string | undefined => {
  const [, top, below] = path.slice(0, 512).split('/', 3)
  return top !== undefined && (below !== undefined || ARCHIVE.test(top)) ? top : undefined
}

/** must-gather's `timestamp`: lines in Go's format, `2026-11-24 05:02:22.61428216 +0000 UTC m=+0.239104363`. */
const instantOfTimestamp = (text: string): number | undefined => {
  const instants = text.split('\n', 1000).flatMap((line) => {
    const parts = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d{1,9})? ([+-]\d{2})(\d{2}) /.exec(line)
    return parts ? (parseInstant(`${parts[1]}T${parts[2]}${parts[3]}:${parts[4]}`) ?? []) : []
  })
  return instants.length === 0 ? undefined : largest(instants)
}

/** @param rootName the archive's or folder's own name, which people keep and which may tell the instant */
export const watchLayout = (rootName: string): LayoutWatch => {
  const seen = new Set<string>()
  let ofName = instantOfName(rootName)
  let ofTimestamp: number | undefined
  let wholeSecrets = false
  let isTroubleshoot = false

  const secretParts = (): readonly LeftOut[] => [
    'secrets-of-other-types',
    ...(wholeSecrets ? [] : (['private-keys', 'secret-metadata'] as const)),
  ]

  const leftOut = (collector: Collector): readonly LeftOut[] => {
    switch (collector) {
      case 'api-connect-postmortem':
        return [
          ...(seen.has('postmortem-certs') ? [] : (['Certificate'] as const)),
          'CertificateRequest',
          'ClusterIssuer',
          ...(seen.has('postmortem-certs') || seen.has('postmortem-issuers') ? [] : (['Issuer'] as const)),
          ...(seen.has('postmortem-secrets') ? secretParts() : (['Secret'] as const)),
        ]
      case 'must-gather':
      case 'oc-adm-inspect':
        return [
          ...(seen.has('inspect-custom') ? [] : CUSTOM),
          ...(seen.has('inspect-secrets') ? [] : (['Secret'] as const)),
          'private-keys',
        ]
      case 'troubleshoot':
        return ['secrets-not-asked-for', 'secret-metadata']
      case 'support-bundle-kit':
        return ['secret-values']
      case 'cluster-info-dump':
        return [...CUSTOM, 'Secret']
      case 'sos':
        return [...CUSTOM, ...(seen.has('sos-secrets') ? [] : (['Secret'] as const))]
      case 'velero':
      case 'files':
        return []
    }
  }

  const recognise = (): Collector => {
    if (seen.has('postmortem')) return 'api-connect-postmortem'
    if (seen.has('kit')) return 'support-bundle-kit'
    if (isTroubleshoot || seen.has('troubleshoot')) return 'troubleshoot'
    if (seen.has('sos')) return 'sos'
    if (seen.has('inspect')) return seen.has('gather') ? 'must-gather' : 'oc-adm-inspect'
    if (seen.has('velero')) return 'velero'
    return seen.has('cluster-info') ? 'cluster-info-dump' : 'files'
  }

  return {
    see: (path) => {
      for (const { name, at } of MARKS) if (!seen.has(name) && at.test(path)) seen.add(name)
      // The top folder keeps the name that the collector gave it when the archive is renamed. Names below it may be of another time.
      const top = ofName === undefined ? topOf(path) : undefined
      if (top !== undefined) ofName = instantOfName(top)
    },
    wants: (path) => {
      const file = path.slice(path.lastIndexOf('/') + 1)
      return file === 'timestamp' || file === 'version.yaml' || (!wholeSecrets && /(^|\/)secrets\/yaml\/[^/]+\.yaml$/.test(path))
    },
    read: (path, text) => {
      if (path.endsWith('timestamp')) ofTimestamp = instantOfTimestamp(text) ?? ofTimestamp
      else if (path.endsWith('version.yaml')) isTroubleshoot ||= text.includes('troubleshoot.sh/')
      else if (/^kind: Secret$/m.test(text)) wholeSecrets = true
    },
    tell: () => {
      const collector = recognise()
      const collectedAt = ofName ?? ofTimestamp
      return { collector, leavesOut: leftOut(collector), ...(collectedAt !== undefined && { collectedAt }) }
    },
  }
}
