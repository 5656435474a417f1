import type { JsonObject } from './raw-object.ts'

const take = (line: string | undefined, start: string): string | undefined =>
  line?.startsWith(start) === true ? line.slice(start.length) : undefined

/** The template prints no more; one more says that it is another shape. */
const LINES = 7

/** Base64 as the template prints it, or nothing; anything that YAML would have to quote is not of this shape. */
const isBareValue = (text: string): boolean => !'"\'|>&*!%@`{[#'.includes(text[0] ?? 'A') && !text.includes(': ') && !text.includes(' #')

/**
 * A TLS Secret as API Connect's postmortem prints it by a template (facts of bundles, 1.1): no kind, nothing quoted, always the same
 * lines. `type`, `name` and `namespace` are text to the end of the line there: a Secret named `1e3` or `null` is no number.
 * @returns undefined for any other shape
 */
export const readTemplateSecret = (text: string): JsonObject | undefined => {
  const [typeLine, metadataLine, nameLine, namespaceLine, dataLine, ...values] = text.trimEnd().split('\n', LINES + 1)
  const type = take(typeLine, 'type: ')
  const name = take(nameLine, '  name: ')
  const namespace = take(namespaceLine, '  namespace: ')
  if (type === undefined || name === undefined || namespace === undefined || values.length > 2) return undefined
  if (
    metadataLine !== 'metadata:' ||
    dataLine !== 'data:' ||
    ![type, name, namespace].every((value) => value !== '' && !'"\'|>{['.includes(value[0] as string))
  )
    return undefined
  const data: Record<string, string | null> = {}
  for (const line of values) {
    const key = line.startsWith('  ca.crt:') ? 'ca.crt' : line.startsWith('  tls.crt:') ? 'tls.crt' : undefined
    if (key === undefined || Object.hasOwn(data, key)) return undefined
    const value = line.slice(key.length + 3).trim()
    if (!isBareValue(value)) return undefined
    data[key] = value === '' || value === 'null' || value === '~' ? null : value
  }
  return { type: type.trim(), metadata: { name: name.trim(), namespace: namespace.trim() }, data }
}
