import type { Json, JsonObject } from './raw-object.ts'

/** Does anybody ask for this value of a Secret's data? `size` is the length of its text. */
export type KeepData = (type: string, key: string, size: number) => boolean

/** Types of Secrets that other controllers own and that never hold what cert-manager issued. */
const FOREIGN_TYPES = new Set([
  'helm.sh/release.v1',
  'kubernetes.io/service-account-token',
  'kubernetes.io/dockerconfigjson',
  'kubernetes.io/dockercfg',
  'bootstrap.kubernetes.io/token',
])

/** What an analysis of certificates needs: everything of the Secrets that may be concerned, and no value of those that cannot be. */
export const keepCertificateData: KeepData = (type) => !FOREIGN_TYPES.has(type)

/** Bytes that a base64 text of this length stands for. */
const decodedSize = (text: string): number => {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return Math.max(0, Math.floor((text.length * 3) / 4) - padding)
}

/** A Secret without the values nobody asks for, and the sizes of those. */
export const dropData = (
  value: JsonObject,
  keep: KeepData,
): { readonly value: JsonObject; readonly keysWithoutValue: Readonly<Record<string, number | null>> | undefined } => {
  const data = value['data']
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { value, keysWithoutValue: undefined }
  const type = typeof value['type'] === 'string' ? value['type'] : ''
  const kept: [string, Json][] = []
  const dropped: [string, number][] = []
  for (const [key, item] of Object.entries(data as JsonObject)) {
    if (typeof item === 'string' && !keep(type, key, item.length)) dropped.push([key, decodedSize(item)])
    else kept.push([key, item])
  }
  if (dropped.length === 0) return { value, keysWithoutValue: undefined }
  return { value: { ...value, data: Object.fromEntries(kept) }, keysWithoutValue: Object.fromEntries(dropped) }
}
