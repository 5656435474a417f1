import { addNames } from './add-names.ts'
import type { ListingCommand } from './listing-command.ts'
import { readCommandLine, readCommandOfPath } from './listing-command.ts'
import type { DescribedSecret } from './listing-describe.ts'
import { createDescribeReader } from './listing-describe.ts'
import type { ListedRow, TableHeader } from './listing-table.ts'
import { isObjectName, readHeader, readRow } from './listing-table.ts'

/** What the text of a source tells: names that exist, and which lists are complete. Evidence, never objects. */
export interface ListingFacts {
  /** Kind → namespace → every name that a complete table of that kind and namespace has; `*` (no names) for all namespaces, the empty text for cluster-scoped kinds. */
  readonly listings: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>
  readonly rows: readonly ListedRow[]
  readonly describedSecrets: readonly DescribedSecret[]
  /** `namespace/name` of Secrets that a collector was asked for and that were not found. */
  readonly provenAbsent: ReadonlySet<string>
}

/** Reads the text of one source in blocks, as they stand between objects. */
export interface ListingReader {
  /** @param line number of the block's first line; a block that does not follow on the one before begins anew */
  readonly push: (text: string, line: number) => void
  readonly end: () => ListingFacts
}

interface OpenTable {
  readonly header: TableHeader
  readonly command: ListingCommand | undefined
  readonly rows: ListedRow[]
  lastIsWhole: boolean
}

/** Longer lines are no row of a table and no line of a description. */
const LINE = 20_000
const CLUSTER_SCOPED = new Set(['ClusterIssuer'])
const NO_RESOURCES = 'No resources found'

const isPrompt = (line: string): boolean => {
  const at = line.search(/[$#>]/)
  return at >= 0 && at < 200 && (line[at + 1] === ' ' || at === line.length - 1) && !line.startsWith(' ')
}

/** `["secrets \"x\" not found"]` at `secrets-errors/NS/NAME[/KEY].json` of Troubleshoot. */
const readSecretErrors = (text: string, sourceName: string): string | undefined => {
  const parts = sourceName.split('/')
  const at = parts.lastIndexOf('secrets-errors')
  const [namespace, file] = at < 0 ? [] : parts.slice(at + 1)
  if (namespace === undefined || file === undefined) return undefined
  const name = file.replace(/\.json$/, '')
  return isObjectName(name) && text.includes(`secrets \\"${name}\\" not found`) ? `${namespace}/${name}` : undefined
}

/** A reader of what `kubectl get` and `kubectl describe` print for people, in a file of its own or between objects. */
export const createListingReader = (sourceName: string): ListingReader => {
  const listings = new Map<string, Map<string, Set<string>>>()
  const rows: ListedRow[] = []
  const describedSecrets: DescribedSecret[] = []
  const provenAbsent = new Set<string>()
  const ofPath = readCommandOfPath(sourceName)
  const describe = createDescribeReader((secret) => describedSecrets.push(secret))
  const isErrors = sourceName.includes('secrets-errors/')
  let command: ListingCommand | undefined
  let table: OpenTable | undefined
  let nextLine = 1
  let rest = ''

  const addListing = (kind: string, namespace: string, names: Iterable<string>): void => {
    let ofKind = listings.get(kind)
    if (!ofKind) listings.set(kind, (ofKind = new Map<string, Set<string>>()))
    addNames(ofKind, namespace, names)
  }

  const closeTable = (complete: boolean): void => {
    const done = table
    table = undefined
    if (!done) return
    const asked = done.command ?? ofPath
    const fallback = asked?.namespace === '*' ? undefined : asked?.namespace
    const own = done.rows.map((row) =>
      row.namespace === undefined && fallback !== undefined && row.kind !== '' ? { ...row, namespace: fallback } : row,
    )
    for (const row of own) if (row.kind !== '') rows.push(row)
    if (!complete || !done.lastIsWhole || !asked?.complete) return
    const kinds = new Set(own.map((row) => row.kind))
    const [kind] = kinds
    if (kinds.size !== 1 || kind === undefined || kind === '') return
    for (const row of own) if (row.namespace !== undefined) addListing(kind, row.namespace, [row.name])
    if (done.header.columns.has('NAMESPACE') && !CLUSTER_SCOPED.has(kind)) addListing(kind, '*', [])
  }

  const readNothing = (line: string): void => {
    const asked = command ?? ofPath
    if (!line.startsWith(NO_RESOURCES) || !asked?.complete || asked.verb !== 'get') return
    const namespace = /^No resources found in (\S{1,63}) namespace\.$/.exec(line)?.[1] ?? asked.namespace
    for (const kind of asked.kinds) {
      if (CLUSTER_SCOPED.has(kind)) addListing(kind, '', [])
      else if (namespace !== undefined) addListing(kind, namespace, [])
    }
  }

  const readLine = (line: string): void => {
    if (line.length > LINE) {
      closeTable(false)
      return
    }
    if (line.includes('kubectl ') || line.includes('oc ') || line.includes(' k ')) {
      const asked = readCommandLine(line)
      if (asked) {
        closeTable(true)
        command = asked
        return
      }
    }
    const header = line.includes('NAME') ? readHeader(line) : undefined
    if (header) {
      closeTable(true)
      table = { header, command, rows: [], lastIsWhole: true }
      return
    }
    if (table) {
      const found = readRow(line, table.header, (table.command ?? ofPath)?.kinds ?? [])
      if (found) {
        table.rows.push(found.row)
        table.lastIsWhole = found.whole
        return
      }
      closeTable(line.trim() === '' || isPrompt(line) || line.startsWith('```'))
    }
    readNothing(line)
    describe.push(line)
  }

  return {
    push: (text, line) => {
      if (isErrors) {
        const absent = readSecretErrors(text, sourceName)
        if (absent !== undefined) provenAbsent.add(absent)
        return
      }
      if (line !== nextLine) {
        if (rest !== '') readLine(rest)
        rest = ''
        closeTable(true)
      }
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      nextLine = line + lines.length
      for (const each of lines) readLine(each)
    },
    end: () => {
      const cut = rest !== ''
      if (cut) readLine(rest)
      rest = ''
      closeTable(!cut)
      const last = describe.end()
      if (last) describedSecrets.push(last)
      return { listings, rows, describedSecrets, provenAbsent }
    },
  }
}
