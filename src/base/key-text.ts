/** A run of base64 at least this long is looked at: 24 bytes. Lines of PEM have 64 characters. */
const LONG_RUN = 32
/** Once a long run was found, the shorter ones beside it are taken for its rest. */
const SHORT_RUN = 16
/** Parts of a run that are looked at begin this far from each other. */
const STEP = 4
/** Digits of the longest digest that a report names (SHA-256); the DER of a private key has more. */
const HEX_RUN = 65

const LOWER = 1
const UPPER = 2
const DIGIT = 3
const SIGN = 4

/** What a character is in base64 and base64url; 0 where it is none of theirs. */
const classIn = (code: number): number => {
  if (code >= 97 && code <= 122) return LOWER
  if (code >= 65 && code <= 90) return UPPER
  if (code >= 48 && code <= 57) return DIGIT
  return code === 43 || code === 47 || code === 45 || code === 95 || code === 61 ? SIGN : 0
}

const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => classIn(code))

const classOf = (code: number): number => (code < 128 ? (CLASSES[code] as number) : 0)

interface Run {
  readonly from: number
  readonly to: number
}

const isHex = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)

/**
 * Do the characters of this part follow each other as chance has it? In base64 of random bytes more than half of the neighbours are
 * of another class; in words, paths and names of Kubernetes (which have no upper case) far fewer are.
 */
const isRandomPart = (text: string, from: number, to: number): boolean => {
  let changes = 0
  const seen = [0, 0, 0, 0, 0]
  let before = SIGN
  for (let i = from; i < to; i++) {
    const found = classOf(text.charCodeAt(i))
    seen[found] = (seen[found] as number) + 1
    if (found !== before && found !== SIGN && before !== SIGN) changes++
    before = found
  }
  return (seen[LOWER] as number) > 1 && (seen[UPPER] as number) > 1 && (seen[DIGIT] as number) > 0 && changes >= (to - from) * 0.35
}

const isRandom = (text: string, { from, to }: Run): boolean => {
  if (to - from < LONG_RUN) return false
  for (let start = from; start + LONG_RUN <= to; start += STEP) if (isRandomPart(text, start, start + LONG_RUN)) return true
  let hex = 0
  for (let i = from; i < to; i++) {
    hex = isHex(text.charCodeAt(i)) ? hex + 1 : 0
    if (hex >= HEX_RUN) return true
  }
  return false
}

const runsOf = (text: string): readonly Run[] => {
  const runs: Run[] = []
  let from = -1
  for (let i = 0; i <= text.length; i++) {
    const inside = i < text.length && classOf(text.charCodeAt(i)) !== 0
    if (inside && from < 0) from = i
    else if (!inside && from >= 0) {
      if (i - from >= SHORT_RUN) runs.push({ from, to: i })
      from = -1
    }
  }
  return runs
}

/** Most texts have no long run, or one without upper case: they are told apart from the others without a list of their runs. */
const mayHide = (text: string): boolean => {
  let run = 0
  let isLong = false
  let hasUpperCase = false
  for (let i = 0; i < text.length; i++) {
    const found = classOf(text.charCodeAt(i))
    run = found === 0 ? 0 : run + 1
    if (found === UPPER) hasUpperCase = true
    if (run >= LONG_RUN) isLong = true
    if (run >= HEX_RUN) return true
  }
  return isLong && hasUpperCase
}

/**
 * A text of the input that is told (a name, a reason, a message) without what may be key material: base64 of random bytes, or more
 * hexadecimal digits than a digest has. Names that Kubernetes allows have no upper case and stay as they are.
 */
export const withoutKeyText = (text: string): string => {
  if (text.length < LONG_RUN || !mayHide(text)) return text
  const runs = runsOf(text)
  if (!runs.some((run) => isRandom(text, run))) return text
  let out = ''
  let from = 0
  for (const run of runs) {
    out += `${text.slice(from, run.from)}(${run.to - run.from} characters)`
    from = run.to
  }
  return out + text.slice(from)
}
