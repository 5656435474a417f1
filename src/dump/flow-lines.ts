/** A line that only opens or closes a block of code in a ticket (Jira's `{code:yaml}`, `{noformat}`): braces without a key and its value. */
const isMarkup = (bytes: Uint8Array, from: number, to: number): boolean => {
  let end = Math.min(to, bytes.length)
  while (end > from && bytes[end - 1] === 32) end--
  if (bytes[end - 1] !== 125) return false
  for (let i = from + 1; i < end - 1; i++) if (bytes[i] === 123 || (bytes[i] === 58 && bytes[i + 1] === 32)) return false
  return true
}

/** Does a flow mapping begin at this brace: does a key stand behind it? */
export const opensFlow = (bytes: Uint8Array, at: number, lineEnd: number): boolean => {
  if (bytes[at] !== 123) return false
  let key = at + 1
  while (bytes[key] === 32) key++
  const first = bytes[key] as number
  return ((first >= 97 && first <= 122) || first === 39) && !isMarkup(bytes, at, lineEnd)
}

/** Does the word `kind` stand anywhere in it? No object of ours is without. */
export const holdsKind = (bytes: Uint8Array): boolean => {
  for (let at = bytes.indexOf(107); at >= 0; at = bytes.indexOf(107, at + 1))
    if (bytes[at + 1] === 105 && bytes[at + 2] === 110 && bytes[at + 3] === 100) return true
  return false
}
