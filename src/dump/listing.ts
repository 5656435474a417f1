import type { ListedNames } from './listed-names.ts'
import { addListed } from './listed-names.ts'
import type { ListingCommand } from './listing-command.ts'
import { readCommandLine, readCommandOfPath } from './listing-command.ts'
import type { DescribedSecret } from './listing-describe.ts'
import { createDescribeReader } from './listing-describe.ts'
import type { ListedRow, TableHeader } from './listing-table.ts'
import { isObjectName, readHeader, readRow } from './listing-table.ts'
import { readSessionStep } from './session-step.ts'

/** What the text of a source tells: names that exist, and which lists are complete. Evidence, never objects. */
export interface ListingFacts {
  /** What complete tables and Lists have. */
  readonly listings: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>
  readonly rows: readonly ListedRow[]
  readonly describedSecrets: readonly DescribedSecret[]
  /** `namespace/name` of Secrets that a collector was asked for and that were not found. */
  readonly provenAbsent: ReadonlySet<string>
}

/** What a whole List of objects holds. */
export interface WholeList {
  /** Line at which it begins. */
  readonly line: number
  readonly names: ListedNames
  /** Its objects are of several namespaces: it was asked for in all of them. */
  readonly ofAllNamespaces: boolean
}

/** Reads the text of one source in blocks, as they stand between objects. */
export interface ListingReader {
  /** @param line number of the block's first line; a block that does not follow on the one before begins anew */
  readonly push: (text: string, line: number) => void
  /** Takes a List that stands behind the text so far. */
  readonly list: (list: WholeList) => void
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
/** One of them is in every line that a session's command stands in, or what a command says that it made. */
const SESSION_WORDS = [
  'kubectl',
  'oc ',
  ' k ',
  'helm ',
  'kubectx',
  'KUBECONFIG',
  ' created',
  ' configured',
  ' serverside-applied',
  ' replaced',
  ' patched',
  ' edited',
]

/** Said by whoever left something out: `...`, `[…]`, `# (snip)`. */
const isElision = (line: string): boolean => {
  let from = 0
  while (from < line.length && ' \t#[(<{/*-'.includes(line[from] as string)) from++
  return line.startsWith('...', from) || line.startsWith('…', from) || /snip|omitted|truncated|elided/i.test(line)
}

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
  /** What the path of the source tells to be complete, and what the text itself does. */
  const byPath: ListedNames = new Map()
  const byText: ListedNames = new Map()
  /** Clusters that commands of this text speak to. */
  const clusters = new Set<string>()
  let cluster = ''
  const rows: ListedRow[] = []
  const describedSecrets: DescribedSecret[] = []
  const provenAbsent = new Set<string>()
  const ofPath = readCommandOfPath(sourceName)
  const describe = createDescribeReader((secret) => describedSecrets.push(secret))
  const isErrors = sourceName.includes('secrets-errors/')
  let command: ListingCommand | undefined
  /** Nothing but text stands between the command and here. */
  let commandIsNear = false
  let table: OpenTable | undefined
  /** A blank line ended the table; whether somebody left rows out there, the next line tells. */
  let tableEnded = false
  let nextLine = 1
  let rest = ''

  const closeTable = (complete: boolean): void => {
    const done = table
    table = undefined
    tableEnded = false
    if (!done) return
    const asked = done.command ?? ofPath
    const listings = done.command ? byText : byPath
    const fallback = asked?.namespace === '*' ? undefined : asked?.namespace
    const own = done.rows.map((row) =>
      row.namespace === undefined && fallback !== undefined && row.kind !== '' ? { ...row, namespace: fallback } : row,
    )
    for (const row of own) if (row.kind !== '') rows.push(row)
    if (!complete || !done.lastIsWhole || !asked?.complete) return
    const kinds = new Set(own.map((row) => row.kind))
    const [kind] = kinds
    if (kinds.size !== 1 || kind === undefined || kind === '') return
    for (const row of own) if (row.namespace !== undefined) addListed(listings, kind, row.namespace, [row.name])
    if (done.header.columns.has('NAMESPACE') && !CLUSTER_SCOPED.has(kind)) addListed(listings, kind, '*', [])
  }

  const readNothing = (line: string): void => {
    const asked = command ?? ofPath
    const listings = command ? byText : byPath
    if (!line.startsWith(NO_RESOURCES) || !asked?.complete || asked.verb !== 'get') return
    const namespace = /^No resources found in (\S{1,63}) namespace\.$/.exec(line)?.[1] ?? asked.namespace
    for (const kind of asked.kinds) {
      if (CLUSTER_SCOPED.has(kind)) addListed(listings, kind, '', [])
      else if (namespace !== undefined) addListed(listings, kind, namespace, [])
    }
  }

  /** @returns whether the line is a command that lists something */
  const readCommand = (line: string): boolean => {
    const step = readSessionStep(line)
    const asked = readCommandLine(line)
    if (step || asked) closeTable(true)
    for (const named of step?.clusters ?? []) clusters.add(named || cluster)
    cluster = step?.turnsTo ?? cluster
    // What was listed before is as it was before: the object asked for may be the one that is made here.
    if (step?.changes) byText.clear()
    if (!asked) return false
    command = asked
    commandIsNear = true
    return true
  }

  const readLine = (line: string): void => {
    if (line.length > LINE) {
      closeTable(false)
      return
    }
    if (SESSION_WORDS.some((word) => line.includes(word)) && readCommand(line)) return
    const header = line.includes('NAME') ? readHeader(line) : undefined
    if (header) {
      closeTable(true)
      table = { header, command, rows: [], lastIsWhole: true }
      return
    }
    if (table && tableEnded && line.trim() !== '') closeTable(!isElision(line))
    if (table && !tableEnded) {
      const found = readRow(line, table.header, (table.command ?? ofPath)?.kinds ?? [])
      if (found) {
        table.rows.push(found.row)
        table.lastIsWhole = found.whole
        return
      }
      if (line.trim() === '') tableEnded = true
      else closeTable(!isElision(line) && (isPrompt(line) || line.startsWith('```')))
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
        commandIsNear = false
      }
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      nextLine = line + lines.length
      for (const each of lines) readLine(each)
    },
    list: ({ line, names, ofAllNamespaces }) => {
      // A fence or `---` may stand between.
      const asked = commandIsNear && line <= nextLine + 1 ? command : undefined
      if (asked?.narrowed) return
      for (const [kind, byNamespace] of names) for (const [namespace, all] of byNamespace) addListed(byText, kind, namespace, all)
      if (ofAllNamespaces && names.has('Issuer')) addListed(byText, 'Issuer', '*', [])
      // Secrets are left out of dumps on purpose; nobody takes issuers out.
      for (const kind of asked?.kinds ?? []) {
        if (kind === 'ClusterIssuer') addListed(byText, kind, '', [])
        else if (kind === 'Issuer' && asked?.namespace !== undefined) addListed(byText, kind, asked.namespace, [])
      }
    },
    end: () => {
      const cut = rest !== ''
      if (cut) readLine(rest)
      rest = ''
      closeTable(!cut)
      const last = describe.end()
      if (last) describedSecrets.push(last)
      // Of two clusters one proves nothing of the other, and which one an object is of is not told.
      const listings: ListedNames = new Map()
      for (const known of clusters.size > 1 ? [byPath] : [byPath, byText])
        for (const [kind, byNamespace] of known) for (const [namespace, names] of byNamespace) addListed(listings, kind, namespace, names)
      return { listings, rows, describedSecrets, provenAbsent }
    },
  }
}
