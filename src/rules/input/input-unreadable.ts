import type { Phrase } from '../../base/phrase.ts'
import { say } from '../../base/phrase.ts'
import type { DumpProblem } from '../../dump/raw-object.ts'
import type { Rule, RuleContext, Severity } from '../rule.ts'
import { finding } from '../rule.ts'

interface Wording {
  readonly says: string
  readonly mend: string
  readonly commands?: readonly string[]
}

const AS_YAML = 'kubectl get issuers,clusterissuers,certificates,certificaterequests,secrets -A -o yaml'
const AS_JSON = 'kubectl get issuers,clusterissuers,certificates,certificaterequests,secrets -A -o json'

/** What each code of a reader means and what to do; a code without an entry is told as it is. */
const WORDINGS: Readonly<Record<string, Wording>> = {
  truncated: {
    says: 'is cut off: what stood behind this place is missing',
    mend: 'Export it again, and see that the disk or the copy was not full',
    commands: [AS_YAML],
  },
  'yaml-syntax': {
    says: 'has an object that is not YAML; it was left out',
    mend: 'Look at the line: a log line, a tab or a cut between outputs',
    commands: [AS_YAML],
  },
  'json-syntax': {
    says: 'has an object that is not JSON; it was left out',
    mend: 'Look at the line: a log line or a cut between outputs',
    commands: [AS_JSON],
  },
  'not-text': {
    says: 'is not text',
    mend: 'Give the YAML or JSON that kubectl prints, or a bundle as .tar.gz or .zip',
    commands: [AS_YAML],
  },
  'stray-line': {
    says: 'has a line that belongs to no object; it was passed over',
    mend: 'Look at the line: a log line, a prompt or a conflict mark between the output',
  },
  'wrapped-lines': {
    says: 'has lines that were broken at the width of a window; they were joined again',
    mend: 'Give what kubectl wrote into a file, not a copy of what stood in a window',
    commands: [AS_YAML.concat(' > dump.yaml')],
  },
  'no-break-spaces': {
    says: 'is indented with no-break spaces, as a browser or a chat copies them; they were read as blanks',
    mend: 'Give what kubectl wrote into a file, not a copy of a page',
    commands: [AS_YAML.concat(' > dump.yaml')],
  },
  'not-utf-8': { says: 'is not UTF-8', mend: 'Save it as UTF-8, or export again', commands: [AS_YAML] },
  'not-an-object': { says: 'has an entry that is no Kubernetes object; it was left out', mend: 'Look at the line' },
  empty: { says: 'is empty', mend: 'Export it again; an empty file is what a failed command leaves behind', commands: [AS_YAML] },
  'no-objects': {
    says: 'holds no Kubernetes object',
    mend: 'Give the whole output of kubectl as YAML or JSON, not a table, a description or an error message',
    commands: [AS_YAML],
  },
  'empty-list': {
    says: 'is a list without entries',
    mend: 'The command found nothing in the namespaces that it looked at, or its account may not see it; ask for all of them',
    commands: [AS_YAML, 'kubectl auth can-i list certificates.cert-manager.io -A'],
  },
  'line-break-characters': {
    says: 'has an object with a line-break character that kubectl prints wrongly as YAML',
    mend: 'Export as JSON, which has no such characters',
    commands: [AS_JSON],
  },
  'duplicate-key': {
    says: 'has an object with one key twice; kubectl never prints that',
    mend: 'Look at the line: two files may have been merged',
  },
  'unquoted-mark': {
    says: 'has an object with values that are not YAML, such as `key: ***` or `- *.example`; they were read as text',
    mend: 'Put quotes around them',
  },
  'too-large': { says: 'has an object larger than any in a cluster; it was left out', mend: 'Look at the line' },
  'too-many-objects': {
    says: 'has more objects than are looked at; the rest was left out',
    mend: 'Give fewer namespaces at once',
  },
  'too-deep': { says: 'has an object nested deeper than any in a cluster; it was left out', mend: 'Look at the line' },
  'archive-truncated': { says: 'is an archive that is cut off: what stood behind is missing', mend: 'Copy it again, and compare its size' },
  'archive-corrupt': { says: 'is an archive that is damaged', mend: 'Copy it again as binary' },
  'archive-encrypted': {
    says: 'is an archive with encrypted files; they were left out',
    mend: 'Unpack it with its password and give the folder',
  },
  'archive-unsupported': {
    says: 'is packed in a way that cannot be read here',
    mend: 'Unpack it first (tar -xJf for .tar.xz) and give the folder',
  },
  'archive-too-large': {
    says: 'unpacks to more than any bundle; the rest was left out',
    mend: 'Unpack it yourself and give the part with certificates',
  },
  'archive-too-deep': { says: 'is an archive inside of archives; it was left out', mend: 'Unpack it first and give the folder' },
  'archive-unsafe': {
    says: 'is an archive with files whose names lead out of it, or are longer than any path; they were left out',
    mend: 'Pack it again from the folder that holds them, so that no name has .. in it',
  },
  'archive-link': {
    says: 'is an archive with links in the place of files; what they point at is not in it, or has another name there',
    mend: 'Pack it again with what they point at (tar --dereference)',
  },
  'not-readable': { says: 'cannot be read; it was left out', mend: 'Look at its permissions, or copy it again' },
  template: {
    says: 'is a template, not the output of a cluster',
    mend: 'Render it first, or export from the cluster',
    commands: [AS_YAML],
  },
}

/** What is said of a source as a whole names no line. */
const OF_THE_WHOLE: ReadonlySet<string> = new Set(['empty', 'no-objects', 'not-readable', 'not-text', 'template'])

const sentence = (problem: DumpProblem): { readonly message: Phrase; readonly wording: Wording | undefined } => {
  const wording = Object.hasOwn(WORDINGS, problem.code) ? WORDINGS[problem.code] : undefined
  const object = problem.object
  const named =
    object?.name === undefined
      ? []
      : say` (${object.kind ?? 'object'} ${object.namespace === undefined ? '' : `${object.namespace}/`}${object.name})`
  const isWhole = OF_THE_WHOLE.has(problem.code) || problem.code.startsWith('archive-')
  const where = isWhole ? say`${problem.place.source}` : say`${problem.place.source}, line ${problem.place.line},`
  return { wording, message: [...where, ...say` ${wording?.says ?? problem.code}`, ...named] }
}

/** An error only where nothing at all could be read; text that was read and holds no object of ours (a table, a description) is none. */
const severityOf = (code: string, objects: number): Severity =>
  objects === 0 && code !== 'no-objects' && code !== 'empty-list' ? 'error' : 'warning'

const SHOWN_PER_CODE = 20
/** Told at one place: the advice is the same for all of them. */
const SHOWN_ONCE = new Set(['unquoted-mark'])

const shownOf = (code: string): number => (SHOWN_ONCE.has(code) ? 1 : SHOWN_PER_CODE)

const check = function* ({ model }: RuleContext): ReturnType<Rule['check']> {
  const { problems, issuers, clusterIssuers, certificates, certificateRequests, secrets } = model.inventory
  const objects = issuers.length + clusterIssuers.length + certificates.length + certificateRequests.length + secrets.length
  const counts = new Map<string, number>()
  for (const problem of problems) {
    const key = `${problem.code}/${problem.place.source}`
    const seen = (counts.get(key) ?? 0) + (problem.more ?? 1)
    counts.set(key, seen)
    if (seen > shownOf(problem.code)) continue
    const { message, wording } = sentence(problem)
    yield finding({
      severity: severityOf(problem.code, objects),
      subject: { kind: 'Source', name: problem.place.source },
      message,
      evidence: [
        { label: 'code', text: say`${problem.code}` },
        ...(problem.detail === undefined ? [] : [{ label: 'detail', text: say`${problem.detail}` }]),
      ],
      places: [problem.place],
      remedy: { text: say`${wording?.mend ?? 'Look at the line, and export again'}`, commands: wording?.commands ?? [] },
    })
  }
  for (const [key, count] of counts) {
    const slash = key.indexOf('/')
    const shown = shownOf(key.slice(0, slash))
    if (count <= shown) continue
    yield finding({
      severity: severityOf(key.slice(0, slash), objects),
      subject: { kind: 'Source', name: key.slice(slash + 1) },
      message: say`${key.slice(slash + 1)} has ${count - shown} more problems of the kind ${key.slice(0, slash)}`,
      remedy: { text: say`Export it again`, commands: [AS_YAML] },
    })
  }
}

export const inputUnreadable: Rule = {
  id: 'input-unreadable',
  group: 'input',
  severity: 'warning',
  title: 'A part of the input could not be read',
  means: 'A source is cut off, empty, not text, or has an object that is neither YAML nor JSON.',
  matters: 'What was left out was not analysed; everything else was. An error only where nothing at all could be read.',
  mend: 'Export it again.',
  silent:
    'Silent for text between objects that kubectl or a shell leaves: prompts, warnings, tables; and for what stands before each line of a text that was quoted, indented or numbered.',
  sources: [
    { document: 'YAML', at: '1.2.2' },
    { document: 'RFC 8259', at: '2' },
  ],
  needs: [],
  check,
}
