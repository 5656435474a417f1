/** A release of cert-manager: major, minor, patch. */
export type CertManagerVersion = readonly [number, number, number]

/** The newest release whose behaviour is written down here. */
export const NEWEST_VERSION: CertManagerVersion = [1, 21, 1]

const NUMBER = /^\d{1,4}$/

/**
 * Reads `v1.18.6`, `1.18.6`, `1.18` or `v1.18.0-beta.1` (a pre-release counts as its release).
 * @returns undefined for anything else.
 */
export const parseVersion = (text: string): CertManagerVersion | undefined => {
  if (text.length > 64) return undefined
  const bare = text.startsWith('v') || text.startsWith('V') ? text.slice(1) : text
  const end = [...bare].findIndex((char) => char === '-' || char === '+')
  const parts = (end < 0 ? bare : bare.slice(0, end)).split('.')
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => NUMBER.test(part))) return undefined
  return [Number(parts[0]), Number(parts[1]), Number(parts[2] ?? 0)]
}

/** Negative where `a` is the older release. */
export const compareVersions = (a: CertManagerVersion, b: CertManagerVersion): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]

/** `v1.18.6` */
export const formatVersion = (version: CertManagerVersion): string => `v${version.join('.')}`

/** Is `version` this release or a later one? */
export const isSince = (version: CertManagerVersion, since: CertManagerVersion): boolean => compareVersions(version, since) >= 0
