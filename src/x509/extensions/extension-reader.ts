import type { DerCursor } from '../der.ts'

/** What the decoder of one extension is given: its content, and where to report what is wrong but readable. */
export interface ExtensionInput {
  /** Over the content of extnValue's OCTET STRING. */
  readonly cursor: DerCursor
  readonly critical: boolean
  /** Names looked at in one extension (Limits.names). */
  readonly names: number
  /** The content is not what the definition says, although it can be read: RawExtension.malformed. */
  readonly malformed: (detail: string) => void
  readonly note: (code: string, detail?: string) => void
}
