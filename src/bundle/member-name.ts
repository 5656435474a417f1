/** Longer paths exist in no file system. */
export const LONGEST_NAME = 4096

/**
 * A member's path without what could lead out of its archive: forward slashes, no leading slash or drive, no `.` parts.
 * @returns undefined where a part is `..`, the path is empty or longer than any file system takes
 */
export const safeName = (name: string): string | undefined => {
  if (name.length > LONGEST_NAME) return undefined
  const parts = name
    .replace(/^[A-Za-z]:/, '')
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
  return parts.length === 0 || parts.includes('..') ? undefined : parts.join('/')
}

/** Does a link with this name lead out of its archive? */
export const leadsOutside = (name: string, target: string): boolean => {
  if (/^([A-Za-z]:)?[\\/]/.test(target)) return true
  let depth = name.split(/[\\/]/).filter((part) => part !== '' && part !== '.').length - 1
  for (const part of target.split(/[\\/]/)) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) return true
  }
  return false
}

/** Endings of files that hold no Kubernetes object and no table: logs, pictures, programs, pages, databases. */
const DULL = new Set(
  [
    'log db html htm css js map png jpg jpeg gif svg ico webp pdf woff woff2 ttf jar war class so dll exe bin o pyc rpm deb iso',
    'img qcow2 mp4 pcap har prom heap hprof pprof core sqlite wal snap journal',
  ].flatMap((line) => line.split(' ')),
)

/** Endings of private keys and keystores: not opened at all. */
const KEYS = new Set(['key', 'p12', 'pfx', 'jks', 'keystore'])

/** Why a member of a bundle is not read. */
export type SkipReason = 'dull' | 'private-key'

/** Folders under which collectors put logs. */
const isLogPath = (path: string): boolean =>
  /(^|\/)(pods\/[^/]+\/[^/]+\/[^/]+\/logs|pods\/logs|pod_logs|pg_logs|execution-data|\.git|node_modules)\//.test(path) ||
  /(^|\/)(logs\.txt|(current|previous)(\.insecure)?\.log|secrets-errors\/.*\.yaml)$/.test(path)

/**
 * `kubectl describe` of anything but Secrets: a ConfigMap's values stand in it as they are, and a manifest in a ConfigMap is no object of
 * the cluster.
 */
const isDescription = (path: string): boolean => /(^|\/)describe\/.*\.out$/.test(path) && !/(^|\/)secrets\/describe\//.test(path)

/**
 * Tells by its path alone that a member cannot hold anything of interest.
 * @param path as `safeName` gives it
 */
export const skipReason = (path: string): SkipReason | undefined => {
  const file = path.slice(path.lastIndexOf('/') + 1)
  const ending = file.slice(file.lastIndexOf('.') + 1).toLowerCase()
  if (file.includes('.') && KEYS.has(ending)) return 'private-key'
  if (file.includes('.') && DULL.has(ending)) return 'dull'
  if (file.startsWith('._') || file === '.DS_Store') return 'dull'
  return isLogPath(path) || isDescription(path) || file.endsWith('-logs.gz') || file.endsWith('.log.gz') ? 'dull' : undefined
}
