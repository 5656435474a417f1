import type { AbortSignalLike } from '../base/abort-signal-like.ts'
import { concatBytes } from '../base/bytes.ts'
import type { Limits } from '../base/limits.ts'
import { defaultLimits } from '../base/limits.ts'
import type { Collected } from './collect-objects.ts'
import { createCollector } from './collect-objects.ts'
import { createTextNormalizer, sniffEncoding, SNIFFED_BYTES } from './decode-text.ts'
import type { TextNormalizer } from './decode-text.ts'
import type { Dump, SourceFacts } from './dump.ts'
import { findsBehind } from './finds-behind.ts'
import type { Finds } from './found-object.ts'
import { IdentitySet } from './identity-set.ts'
import { completeSecrets } from './complete-secrets.ts'
import { issuerListingsOf, mergeCoverage } from './merge-coverage.ts'
import { mayBeQuoted } from './may-be-quoted.ts'
import type { DumpProblem } from './raw-object.ts'
import type { SecretDataTaker } from './secret-data.ts'
import { createSourceLines } from './source-lines.ts'
import type { Source, Sources } from '../base/source.ts'
import { eachSource } from '../base/source.ts'
import { createSplitter } from './split-source.ts'
import type { PrefixSplitter } from './without-line-prefix.ts'
import { withoutLinePrefix } from './without-line-prefix.ts'

export interface ReadDumpOptions {
  readonly limits?: Partial<Limits>
  /** Called with the bytes read so far, of all sources. */
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignalLike
  /** Takes the values of Secrets as they are read. Without it every value stands in its object. */
  readonly secretData?: SecretDataTaker
}

/** Bytes that are read between two looks at progress and signal. */
const SLICE = 8 * 1024 * 1024

/** Texts behind objects in texts behind objects that are looked at for further ones. */
const DEEPEST = 4

/** Reads one source, pushed in chunks. */
interface SourceReader {
  readonly push: (chunk: Uint8Array) => void
  readonly end: () => void
}

const createSourceReader = (
  source: Source,
  out: Collected,
  sources: SourceFacts[],
  options: ReadDumpOptions,
  limits: Limits,
): SourceReader => {
  const { name, text } = source
  const kept = typeof text === 'string' || text instanceof Uint8Array ? text : undefined
  const before = { objects: out.objects.length, problems: out.problems.length, others: out.others.size, lists: out.lists }
  // That one member of a folder or an archive holds nothing to read is no fault.
  const tell = (problem: DumpProblem): void => {
    if (source.partOf === undefined || problem.code === 'template') out.problems.push(problem)
  }
  let head: Uint8Array | undefined = new Uint8Array(0)
  let normalizer: TextNormalizer | undefined
  let binary = false
  let size = 0
  let noBreakIndent: number | undefined
  const collector = createCollector(name, createSourceLines(kept), out, {
    limits,
    secretData: options.secretData,
    prefixes: () => prefixes(),
    readBehind: (line, bytes) => readBehind(line, bytes),
  })
  let template = false
  const readText: Finds['text'] = (line, block) => {
    template ||= hasBraces(block)
    collector.text(line, block)
  }
  const finds: Finds = { ...collector, text: readText }
  const splitterFor = (into: Finds): PrefixSplitter =>
    mayBeQuoted(source)
      ? withoutLinePrefix(into, limits.objectBytes, () => collector.expect(''))
      : { ...createSplitter(into, limits.objectBytes), prefixes: () => [] }
  const splitter = splitterFor(finds)
  let { prefixes } = splitter
  let behind = 0

  /** What stands behind an object may hold others, with something before their lines. */
  const readBehind: Finds['text'] = (line, bytes) => {
    if (behind === DEEPEST) {
      readText(line, bytes)
      return
    }
    const around = prefixes
    const before = around()
    const inner = splitterFor(findsBehind(finds, line - 1))
    prefixes = () => [...before, ...inner.prefixes()]
    behind++
    inner.push(bytes.slice())
    inner.end()
    behind--
    prefixes = around
  }

  // A platform's own kind of array (Node's Buffer) finds bytes faster and makes views slower: from here on it is an ordinary one.
  const split = (chunk: Uint8Array): void => {
    splitter.push(chunk.constructor === Uint8Array ? chunk : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))
  }

  const open = (first: Uint8Array): void => {
    head = undefined
    const encoding = sniffEncoding(first)
    if (encoding === 'binary') {
      binary = true
      tell({ code: 'not-text', place: { source: name, line: 1 } })
      return
    }
    normalizer = createTextNormalizer(encoding, (line) => void (noBreakIndent = line))
    split(normalizer.push(first))
  }

  return {
    push: (chunk) => {
      size += chunk.length
      if (binary) return
      if (head === undefined) {
        const text = collector.ahead(chunk)
        const normalized = normalizer?.push(chunk, text) ?? chunk
        if (text !== undefined && normalized === chunk && prefixes().length === 0) collector.expect(text)
        split(normalized)
        return
      }
      if (head.length === 0 && chunk.length >= SNIFFED_BYTES) {
        open(chunk)
        return
      }
      head = concatBytes([head, chunk])
      if (head.length >= SNIFFED_BYTES) open(head)
    },
    end: () => {
      if (head !== undefined && head.length > 0) open(head)
      if (normalizer) split(normalizer.end())
      if (!binary) splitter.end()
      collector.end()
      const found = out.objects.length - before.objects
      const isEmpty = found + out.others.size - before.others === 0
      if (noBreakIndent !== undefined && !isEmpty)
        out.problems.push({ code: 'no-break-spaces', place: { source: name, line: noBreakIndent } })
      if (isEmpty && out.problems.length === before.problems) {
        const code = size === 0 ? 'empty' : template ? 'template' : out.lists > before.lists ? 'empty-list' : 'no-objects'
        tell({ code, place: { source: name, line: 1 } })
      }
      sources.push({ name, bytes: size, objects: found })
    },
  }
}

/** `{{` begins an expression of a template: the text is rendered before anybody applies it. */
const hasBraces = (bytes: Uint8Array): boolean => {
  for (let at = bytes.indexOf(123); at >= 0; at = bytes.indexOf(123, at + 1)) if (bytes[at + 1] === 123) return true
  return false
}

const encoder = new TextEncoder()

/** A string in slices that part no surrogate pair. */
function* slicesOf(text: string): Generator<Uint8Array> {
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + SLICE / 4)
    const last = text.charCodeAt(to - 1)
    if (to < text.length && last >= 0xd800 && last < 0xdc00) to++
    yield encoder.encode(text.slice(from, to))
    from = to
  }
}

function* slicesOfBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += SLICE) yield bytes.subarray(from, from + SLICE)
}

const toBytes = (chunk: Uint8Array | string): Uint8Array => (typeof chunk === 'string' ? encoder.encode(chunk) : chunk)

/**
 * Reads the raw objects of any number of sources: what kubectl prints as YAML or JSON, in every form that people bring it.
 * Objects of kinds other than ours are counted. Without `secretData`, texts in the values may be slices of a piece of the source, which
 * they keep in memory: whoever needs few of them for long copies those. Nothing in the input makes it throw: what could not be read stands in `problems`.
 * @throws the signal's reason when it aborts, and whatever a source that is a stream throws
 */
export const readDump = async (sources: Sources, options: ReadDumpOptions = {}): Promise<Dump> => {
  const limits = { ...defaultLimits, ...options.limits }
  const out: Collected = {
    objects: [],
    problems: [],
    others: new IdentitySet(),
    collected: new Map(),
    filteredSecretNamespaces: new Set(),
    provenAbsent: new Set(),
    knownElsewhere: new Set(),
    unread: new Set(),
    listings: [],
    lists: 0,
    truncated: false,
  }
  const facts: SourceFacts[] = []
  let bytes = 0
  for await (const source of eachSource(sources)) {
    const reader = createSourceReader(source, out, facts, options, limits)
    const read = (chunk: Uint8Array): void => {
      options.signal?.throwIfAborted()
      reader.push(chunk)
      bytes += chunk.length
      options.onProgress?.(bytes)
    }
    if (typeof source.text === 'string') for (const chunk of slicesOf(source.text)) read(chunk)
    else if (source.text instanceof Uint8Array) for (const chunk of slicesOfBytes(source.text)) read(chunk)
    else for await (const chunk of source.text) read(toBytes(chunk))
    reader.end()
  }
  const coverage = mergeCoverage(
    {
      secretListings: new Map(),
      ...issuerListingsOf(out.collected),
      provenAbsent: out.provenAbsent,
      notCollected: new Set(),
      filteredSecretNamespaces: out.filteredSecretNamespaces,
      knownElsewhere: out.knownElsewhere,
      unread: out.unread,
      truncated: out.truncated,
    },
    out.listings,
  )
  return { objects: completeSecrets(out.objects, out.listings), problems: out.problems, sources: facts, others: out.others.size, coverage }
}
