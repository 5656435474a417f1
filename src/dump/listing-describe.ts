/** What `kubectl describe` tells of one Secret: everything but the values. */
export interface DescribedSecret {
  readonly namespace: string
  readonly name: string
  readonly type?: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** No annotation was cut: describe cuts lines at 140 characters and leaves last-applied-configuration out. */
  readonly annotationsWhole: boolean
  /** Bytes of each value; `null` where describe printed something else (tokens are printed in the clear: never kept). */
  readonly keySizes: Readonly<Record<string, number | null>>
}

/** Reads the lines of `describe`, one after another. */
export interface DescribeReader {
  /** @returns false where the line belongs to no description */
  readonly push: (line: string) => boolean
  /** The description that was being read, if it is one of a Secret. */
  readonly end: () => DescribedSecret | undefined
}

type Mutable = {
  name: string
  namespace: string | undefined
  type: string | undefined
  labels: [string, string][]
  annotations: [string, string][]
  whole: boolean
  sizes: [string, number | null][]
  part: 'head' | 'labels' | 'annotations' | 'data'
  column: number
  /** Name of the annotation whose value stands on lines of its own. */
  long: string | undefined
  isSecret: boolean
}

/** kubectl's describe cuts what is longer, with its key. */
const CUT = '...'

const fieldOf = (line: string, field: string): string | undefined =>
  line.startsWith(`${field}:`) ? line.slice(field.length + 1).trim() : undefined

const ownRecord = <T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> => Object.fromEntries(entries)

/** @returns a reader that takes descriptions of anything and keeps those of Secrets */
export const createDescribeReader = (found: (secret: DescribedSecret) => void): DescribeReader => {
  let open: Mutable | undefined

  const finish = (): DescribedSecret | undefined => {
    const done = open
    open = undefined
    if (!done?.isSecret || done.namespace === undefined || done.namespace === '') return undefined
    return {
      namespace: done.namespace,
      name: done.name,
      ...(done.type !== undefined && { type: done.type }),
      labels: ownRecord(done.labels),
      annotations: ownRecord(done.annotations),
      annotationsWhole: done.whole,
      keySizes: ownRecord(done.sizes),
    }
  }
  const close = (): void => {
    const secret = finish()
    if (secret) found(secret)
  }

  const pushLabel = (to: Mutable, text: string): void => {
    const equals = text.indexOf('=')
    if (equals > 0) to.labels.push([text.slice(0, equals), text.slice(equals + 1)])
  }

  const pushAnnotation = (to: Mutable, line: string, from: number): void => {
    const text = line.slice(from)
    if (to.long !== undefined && text.startsWith('  ')) {
      const value = text.slice(2)
      const last = to.annotations.at(-1)
      if (value.endsWith(CUT)) to.whole = false
      if (last?.[0] === to.long) last[1] += `\n${value}`
      else to.annotations.push([to.long, value])
      return
    }
    to.long = undefined
    const colon = text.indexOf(': ')
    if (colon > 0) to.annotations.push([text.slice(0, colon), text.slice(colon + 2).trimEnd()])
    else if (text.trimEnd().endsWith(':')) to.long = text.trimEnd().slice(0, -1)
  }

  const pushHead = (to: Mutable, line: string): void => {
    const namespace = fieldOf(line, 'Namespace')
    const type = fieldOf(line, 'Type')
    const labels = fieldOf(line, 'Labels')
    const annotations = fieldOf(line, 'Annotations')
    if (namespace !== undefined) to.namespace ??= namespace
    else if (labels !== undefined) {
      to.part = 'labels'
      to.column = line.length - line.slice('Labels:'.length).trimStart().length
      if (labels !== '<none>') pushLabel(to, labels)
    } else if (annotations !== undefined) {
      to.part = 'annotations'
      to.column = line.length - line.slice('Annotations:'.length).trimStart().length
      if (annotations !== '<none>' && annotations !== '') pushAnnotation(to, line, to.column)
    } else if (type !== undefined) {
      to.type ??= type
    } else if (line === '====') {
      // Services have a Type, and ConfigMaps have Data; only a Secret has both.
      to.part = 'data'
      to.isSecret = to.type !== undefined
    }
  }

  return {
    push: (line) => {
      const name = fieldOf(line, 'Name')
      if (name !== undefined && name !== '') {
        close()
        open = {
          name,
          namespace: undefined,
          type: undefined,
          labels: [],
          annotations: [],
          whole: true,
          sizes: [],
          part: 'head',
          column: 0,
          long: undefined,
          isSecret: false,
        }
        return true
      }
      if (!open) return false
      if (line === '') return true
      if ((open.part === 'labels' || open.part === 'annotations') && line.startsWith(' ')) {
        if (open.part === 'labels') pushLabel(open, line.trim())
        else pushAnnotation(open, line, open.column)
        return true
      }
      if (open.part === 'data') {
        const colon = line.indexOf(':')
        const size = /^(\d{1,9}) bytes$/.exec(line.slice(colon + 1).trim())
        if (colon > 0 && !line.startsWith(' ')) {
          open.sizes.push([line.slice(0, colon), size ? Number(size[1]) : null])
          return true
        }
        close()
        return false
      }
      open.part = 'head'
      pushHead(open, line)
      return true
    },
    end: finish,
  }
}
