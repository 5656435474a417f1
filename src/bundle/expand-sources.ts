import type { AbortSignalLike } from '../base/abort-signal-like.ts'
import { compareBy } from '../base/order.ts'
import type { RandomBytes, Source, Sources } from '../base/source.ts'
import { eachSource } from '../base/source.ts'
import type { Collector, LayoutWatch, LeftOut } from './bundle-layout.ts'
import { kindsLeftOut, watchLayout } from './bundle-layout.ts'
import { ArchiveFault, defaultBundleLimits } from './bundle.ts'
import type { ArchiveMember, BundleLimits, BundleProblem, BundleProblemCode } from './bundle.ts'
import type { ByteQueue } from './byte-queue.ts'
import { createByteQueue, restOf } from './byte-queue.ts'
import { decompress } from './decompress.ts'
import { leadsOutside, LONGEST_NAME, safeName, skipReason } from './member-name.ts'
import { readTar } from './read-tar.ts'
import { readZip, readZipDirectory } from './read-zip.ts'
import { readZipStream } from './read-zip-stream.ts'
import { ARCHIVE_HEAD, sniffArchive } from './sniff-archive.ts'
import type { ArchiveFormat } from './sniff-archive.ts'

/** What one archive or folder was, told when all of it has been read. */
export interface BundleFacts {
  /** The archive's or folder's name as it was given. */
  readonly name: string
  readonly collector: Collector
  readonly leavesOut: readonly LeftOut[]
  /** When it was collected, epoch milliseconds, where a name or a file in it tells. */
  readonly collectedAt?: number
  /** Files in it, those of archives inside of it too. */
  readonly members: number
}

/** Sources with their archives opened, and what is known of them once the last one has been read. */
export interface ExpandedSources {
  /** To be read in order, each one's text before the next is asked for. */
  readonly sources: AsyncIterable<Source>
  readonly facts: () => {
    readonly bundles: readonly BundleFacts[]
    readonly problems: readonly BundleProblem[]
    /** Some archive ended too early, is damaged or locked, or a file cannot be read: something is missing. */
    readonly truncated: boolean
    /** Kinds that none of the bundles collects; objects of them may still stand in sources beside. */
    readonly notCollected: readonly string[]
  }
}

interface Root {
  readonly name: string
  /** Its last part. */
  readonly base: string
  readonly watch: LayoutWatch
  /** The folder that the archive itself lies in. */
  partOf?: string
  /** What members were left out for: each is told once. */
  readonly leftOut: Set<BundleProblemCode>
  members: number
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const randomOf = (bytes: Uint8Array): RandomBytes => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
})

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes)
}

/** Why members of these kinds are not read. */
const LEFT_OUT: Readonly<Partial<Record<ArchiveMember['kind'], BundleProblemCode>>> = {
  link: 'archive-link',
  encrypted: 'archive-encrypted',
  unsupported: 'archive-unsupported',
}

/** What a link leads to; more of it than any path has is not read. */
const readLinkTarget = async ({ linkTarget, data }: ArchiveMember): Promise<string> => {
  if (linkTarget !== undefined) return linkTarget
  let text = ''
  for await (const chunk of data) {
    text += new TextDecoder().decode(chunk)
    if (text.length > LONGEST_NAME) break
  }
  return text
}

/**
 * Would this member have been read? A link without an object's ending is mostly one to a folder or a log beside it, and one that leads to
 * another member adds nothing to it: Troubleshoot has its lists under two names.
 */
const isMissed = async (code: BundleProblemCode, member: ArchiveMember): Promise<boolean> => {
  const end = member.name.slice(-LONGEST_NAME).replaceAll('\\', '/')
  if (code !== 'archive-link' && code !== 'archive-unsafe') return true
  if (skipReason(end) !== undefined) return false
  return code === 'archive-unsafe' || (/\.(json|ya?ml)$/.test(end) && leadsOutside(member.name, await readLinkTarget(member)))
}

/** A folder that is given has a name in front of its files; an archive's name is a name of its own. */
const pathIn = (root: string, name: string): string => (name.startsWith(`${root}/`) ? name.slice(root.length + 1) : name)

/**
 * Opens the archives among the sources, by their first bytes: gzip, tar, zip, and archives inside of archives. Their files become sources
 * named `ARCHIVE/path/in/archive`; every other source passes as it is. Nothing is written anywhere, links are not followed.
 * Nothing in the input makes it throw; what could not be read stands in `facts().problems`.
 */
export const expandSources = (sources: Sources, limits: Partial<BundleLimits> = {}, signal?: AbortSignalLike): ExpandedSources => {
  const bounds: BundleLimits = { ...defaultBundleLimits, ...limits }
  const roots = new Map<string, Root>()
  const problems: BundleProblem[] = []
  let truncated = false
  let loose = false
  let members = 0
  let unpacked = 0
  let kept = 0

  const rootOf = (name: string): Root => {
    let root = roots.get(name)
    if (!root) {
      const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
      root = { name, base, watch: watchLayout(base), leftOut: new Set(), members: 0 }
      roots.set(name, root)
    }
    return root
  }

  const tell = (fault: unknown, source: string): void => {
    if (!(fault instanceof ArchiveFault)) throw fault
    // A format that is not read here (mostly logs under xz) hides less than a member that is lost.
    if (fault.code !== 'archive-unsupported') truncated = true
    // The member at whose place an archive breaks off was told already.
    const last = problems.at(-1)
    if (last?.code === fault.code && last.source.startsWith(`${source}/`)) return
    problems.push({ code: fault.code, source, ...(fault.detail !== undefined && { detail: fault.detail.slice(0, 200) }) })
  }

  const countMember = (root: Root): void => {
    root.members++
    if (++members > bounds.members) throw new ArchiveFault('archive-too-large', `more than ${bounds.members} files`)
  }

  /** Counts what comes out of an archive against what went into it. */
  async function* guarded(data: AsyncIterable<Uint8Array>, packed: () => number, passed = { bytes: 0 }): AsyncGenerator<Uint8Array> {
    for await (const chunk of data) {
      signal?.throwIfAborted()
      passed.bytes += chunk.length
      unpacked += chunk.length
      if (unpacked > bounds.bytes) throw new ArchiveFault('archive-too-large', `more than ${bounds.bytes} bytes`)
      if (passed.bytes > bounds.ratioFrom && passed.bytes > packed() * bounds.ratio) {
        throw new ArchiveFault('archive-too-large', `more than ${bounds.ratio} times its packed size`)
      }
      yield chunk
    }
  }

  /** Is this file of a bundle read at all? */
  const isWanted = (root: Root, path: string): boolean => {
    root.watch.see(`${root.base}/${path}`)
    return skipReason(path) === undefined
  }

  /** A text that ends where its archive ends: what the archive's fault is worth is told beside. */
  async function* untilFault(queue: ByteQueue, name: string): AsyncGenerator<Uint8Array> {
    try {
      yield* restOf(queue)
    } catch (fault) {
      tell(fault, name)
    }
  }

  const asSource = async (queue: ByteQueue, name: string, path: string, root: Root, partOf: string | undefined): Promise<Source> => {
    const part = partOf !== undefined && { partOf }
    let held = 0
    let fault: unknown
    try {
      held = await queue.hold(bounds.keptMember + 1)
    } catch (error) {
      fault = error
    }
    if (fault !== undefined) tell(fault, name)
    if (fault === undefined && held > bounds.keptMember) return { name, text: untilFault(queue, name), ...part }
    // Bytes that their own checksum denies would be told as faults of the cluster.
    const isDenied = fault instanceof ArchiveFault && fault.code === 'archive-corrupt' && fault.detail === 'checksum'
    const bytes = isDenied ? new Uint8Array(0) : queue.peek(Infinity).slice()
    if (root.watch.wants(path)) root.watch.read(path, decoder.decode(bytes.subarray(0, 65_536)))
    if (kept + bytes.length > bounds.kept) return { name, text: once(bytes), ...part }
    kept += bytes.length
    return { name, text: bytes, ...part }
  }

  /** A file whose lines are to be found later is kept as a whole, as long as there is room. */
  const withKeptText = async (source: Source): Promise<Source> => {
    const { random, text } = source
    if (typeof text === 'string' || text instanceof Uint8Array || !random || kept + random.size > bounds.kept) return source
    kept += random.size
    const bytes = await random.read(0, random.size)
    const { random: _random, ...rest } = source
    return { ...rest, text: bytes }
  }

  async function* readMembers(
    archive: AsyncIterable<ArchiveMember>,
    archiveName: string,
    root: Root,
    depth: number,
    packed: () => number,
  ): AsyncGenerator<Source> {
    const passed = { bytes: 0 }
    for await (const member of archive) {
      signal?.throwIfAborted()
      if (member.kind === 'folder') continue
      countMember(root)
      // Its content is that of a member before it.
      if (member.kind === 'hard-link') continue
      const path = safeName(member.name)
      const leftOut = path === undefined ? 'archive-unsafe' : LEFT_OUT[member.kind]
      if (leftOut !== undefined) {
        if (root.leftOut.has(leftOut) || !(await isMissed(leftOut, member))) continue
        root.leftOut.add(leftOut)
        tell(new ArchiveFault(leftOut, member.detail ?? path ?? member.name), archiveName)
      } else if (path !== undefined && isWanted(root, path)) {
        const queue = createByteQueue(guarded(member.data, packed, passed))
        yield* expand(queue, undefined, `${archiveName}/${path}`, path, root, depth)
        await queue.close()
      }
    }
  }

  async function* unpack(
    format: ArchiveFormat,
    queue: ByteQueue,
    random: RandomBytes | undefined,
    name: string,
    path: string,
    root: Root,
    depth: number,
  ): AsyncGenerator<Source> {
    if (typeof format === 'object') throw new ArchiveFault('archive-unsupported', format.unsupported)
    if (depth >= bounds.depth) throw new ArchiveFault('archive-too-deep')
    if (format === 'tar') yield* readMembers(readTar(queue), name, root, depth + 1, () => Infinity)
    else if (format === 'zip') {
      const directory = random && (await readZipDirectory(random))
      const archive = random && directory ? readZip(random, directory) : readZipStream(queue)
      yield* readMembers(archive, name, root, depth + 1, () => random?.size ?? queue.passed())
      if (random && !directory && !problems.some((problem) => problem.source === name)) throw new ArchiveFault('archive-truncated')
    } else {
      let packed = 0
      const counted = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of restOf(queue)) {
          packed += chunk.length
          yield chunk
        }
      }
      const inner = createByteQueue(guarded(decompress('gzip', counted()), () => packed))
      // A gzip is the wrapper of one thing, mostly of a tar: both together are one archive.
      yield* expand(inner, undefined, name, path, root, depth + 0.5)
      await inner.close()
    }
  }

  /** Opens what is an archive, and hands over what is not. */
  async function* expand(
    queue: ByteQueue,
    random: RandomBytes | undefined,
    name: string,
    path: string,
    root: Root,
    depth: number,
  ): AsyncGenerator<Source> {
    let format: ArchiveFormat | undefined
    try {
      await queue.hold(ARCHIVE_HEAD)
      format = sniffArchive(queue.peek(ARCHIVE_HEAD))
    } catch (fault) {
      tell(fault, name)
      return
    }
    if (format === undefined) {
      yield await asSource(queue, name, path, root, path === '' ? root.partOf : root.name)
      return
    }
    try {
      yield* unpack(format, queue, random, name, path, root, depth)
    } catch (fault) {
      tell(fault, name)
    }
  }

  async function* run(): AsyncGenerator<Source> {
    for await (const source of eachSource(sources)) {
      signal?.throwIfAborted()
      const { name, text, partOf } = source
      const folder = partOf === undefined ? undefined : rootOf(partOf)
      const path = partOf === undefined ? name : pathIn(partOf, name)
      if (folder && !isWanted(folder, path)) {
        folder.members++
        continue
      }
      if (source.unreadable) {
        tell(new ArchiveFault('not-readable'), name)
        continue
      }
      const whole = typeof text === 'string' ? undefined : text instanceof Uint8Array ? text : undefined
      const random = source.random ?? (whole && randomOf(whole))
      const head = typeof text === 'string' ? encoder.encode(text.slice(0, ARCHIVE_HEAD)) : await random?.read(0, ARCHIVE_HEAD)
      if (head && sniffArchive(head) === undefined) {
        loose ||= folder === undefined
        if (folder) folder.members++
        if (folder?.watch.wants(path)) {
          const start = typeof text === 'string' ? text.slice(0, 65_536) : decoder.decode(await random?.read(0, 65_536))
          folder.watch.read(path, start)
        }
        yield await withKeptText(source)
        continue
      }
      if (typeof text === 'string') continue
      const queue = createByteQueue(text instanceof Uint8Array ? once(text) : text)
      if (!head) {
        // A stream that cannot be read at offsets: looked at here, and passed on with what was looked at.
        await queue.hold(ARCHIVE_HEAD)
        if (sniffArchive(queue.peek(ARCHIVE_HEAD)) === undefined) {
          loose ||= folder === undefined
          if (folder) folder.members++
          yield { ...source, text: restOf(queue) }
          await queue.close()
          continue
        }
      }
      const before = problems.length
      const root = rootOf(name)
      if (partOf !== undefined) root.partOf = partOf
      yield* expand(queue, random, name, '', root, 0)
      await queue.close()
      // A single text under gzip is a source as any other.
      if (root.members === 0 && problems.length === before) {
        roots.delete(name)
        loose = true
      }
    }
  }

  return {
    sources: { [Symbol.asyncIterator]: run },
    facts: () => {
      const bundles = [...roots.values()]
        .filter((root) => root.members > 0)
        .map((root): BundleFacts => ({ name: root.name, ...root.watch.tell(), members: root.members }))
        .sort(compareBy((bundle) => bundle.name))
      const kinds = bundles.map((bundle) => new Set(kindsLeftOut(bundle.leavesOut)))
      const notCollected = loose ? [] : [...(kinds[0] ?? [])].filter((kind) => kinds.every((each) => each.has(kind)))
      return { bundles, problems, truncated, notCollected }
    },
  }
}
