import type { CertificateResource } from '../inventory/certificate-resource.ts'

/** JSON as the inventory keeps it where it does not type it. */
export type JsonObject = CertificateResource['rawSpec']
export type Json = JsonObject[string]

/** An object, not a list and not null. */
export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
