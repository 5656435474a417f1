/** The length of the quantifier that stands at `at`, whether it repeats without end, or undefined where there is none. */
const quantifierAt = (pattern: string, at: number): { readonly length: number; readonly repeats: boolean } | undefined => {
  const char = pattern[at]
  const lazy = (length: number): number => length + (pattern[at + length] === '?' ? 1 : 0)
  if (char === '*' || char === '+') return { length: lazy(1), repeats: true }
  if (char === '?') return { length: lazy(1), repeats: false }
  const braces = char === '{' ? /^\{(\d+)(,?)(\d*)\}/.exec(pattern.slice(at, at + 20)) : null
  return braces ? { length: lazy(braces[0].length), repeats: braces[2] === ',' && braces[3] === '' } : undefined
}

/** A group of the shape `(-[a-z]+)*`: the separator in front says where each round begins. */
const startsWithSeparator = (pattern: string, at: number): boolean => /^(?:\\[.\-/:,+*]|[-,:;/@=])[^*+?{]/.test(pattern.slice(at, at + 3))

/** Does a group that repeats without end hold something that repeats without end? Such a pattern can take exponential time.
 * Groups that begin with a separator of their own are left to the steps that regex-steps.ts counts. */
export const nestedQuantifier = (pattern: string): boolean => {
  const groups: boolean[] = [false]
  const separated: boolean[] = [false]
  const close = (repeats: boolean, inner: boolean): void => {
    groups[groups.length - 1] ||= repeats || inner
  }
  for (let at = 0; at < pattern.length;) {
    const char = pattern[at]
    let inner = false
    let safe = false
    if (char === '(') {
      groups.push(false)
      at++
      while (pattern[at] === '?' || (pattern[at - 1] === '?' && /[:=!<]/.test(pattern[at] ?? ''))) at++
      separated.push(startsWithSeparator(pattern, at))
      continue
    }
    if (char === '\\') at += 2
    else if (char === '[') {
      at++
      while (at < pattern.length && pattern[at] !== ']') at += pattern[at] === '\\' ? 2 : 1
      at++
    } else {
      if (char === ')') {
        inner = groups.pop() ?? false
        safe = separated.pop() ?? false
      }
      at++
    }
    const quantifier = quantifierAt(pattern, at)
    if (quantifier) at += quantifier.length
    if (quantifier?.repeats && inner && !safe) return true
    close(quantifier?.repeats ?? false, inner)
  }
  return false
}
