import type { PathNode } from './path-graph.ts'

/**
 * For which paths there is no way to an anchor above a certificate: for `all`; for those that are as long or longer, where a path length or
 * a depth stood against it; for `this` one, where something else on it did.
 */
export type DeadFor = 'all' | 'longer' | 'this'

const ORDER: readonly DeadFor[] = ['this', 'longer', 'all']

/** What holds of several ways up together: the narrower of the two. */
export const narrower = (a: DeadFor, b: DeadFor): DeadFor => (ORDER.indexOf(a) < ORDER.indexOf(b) ? a : b)

/** How many of a path's intermediates count for path length and depth: all but the self-issued ones (RFC 5280 4.2.1.9, 6.1.4 l). */
export const countedIntermediates = (path: readonly PathNode[]): number =>
  path.reduce((count, node, index) => (index > 0 && !node.anchor && !node.selfIssued ? count + 1 : count), 0)

/** A path by what limits of length look at. */
interface Length {
  readonly counted: number
  readonly all: number
}

const lengthOf = (path: readonly PathNode[]): Length => ({ counted: countedIntermediates(path), all: path.length })

/** Certificates above which a search has been in vain, so that it does not go there again. */
export class DeadEnds {
  private readonly forAll = new Set<string>()
  private readonly forLonger = new Map<string, Length>()

  /** Nothing was found above the last certificate of `path`. */
  add(path: readonly PathNode[], dead: DeadFor): void {
    const { fingerprint } = (path[path.length - 1] as PathNode).certificate
    if (dead === 'all') this.forAll.add(fingerprint)
    if (dead !== 'longer') return
    const [known, found] = [this.forLonger.get(fingerprint), lengthOf(path)]
    // A shorter path that is dead says more than a longer one.
    if (!known || (found.counted <= known.counted && found.all <= known.all)) this.forLonger.set(fingerprint, found)
  }

  /** For which paths is it known that `candidate` on top of `path` leads nowhere? undefined where it is not known for this one. */
  find(path: readonly PathNode[], candidate: PathNode): 'all' | 'longer' | undefined {
    const { fingerprint } = candidate.certificate
    if (this.forAll.has(fingerprint)) return 'all'
    const known = this.forLonger.get(fingerprint)
    if (!known) return undefined
    const { counted, all } = lengthOf([...path, candidate])
    return counted >= known.counted && all >= known.all ? 'longer' : undefined
  }
}
