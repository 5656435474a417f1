import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The repository's own folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** One TypeScript file of the repository, by its path from the root with `/` between the parts. */
export interface TreeFile {
  readonly path: string
  readonly text: string
}

/** All `.ts` files under one folder, sorted by path; an absent folder has none. */
export const filesUnder = (folder: string, ending = '.ts'): readonly TreeFile[] => {
  let names: string[]
  try {
    names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  } catch {
    return []
  }
  return names
    .filter((name) => name.endsWith(ending) && !name.includes('node_modules'))
    .sort()
    .map((name) => {
      const full = join(root, folder, name)
      return { path: relative(root, full).replaceAll('\\', '/'), text: readFileSync(full, 'utf8') }
    })
}

const parsed = new Map<string, ts.SourceFile>()

/** The syntax tree of a file, parsed once. */
export const syntaxOf = (file: TreeFile): ts.SourceFile => {
  const known = parsed.get(file.path)
  if (known?.text === file.text) return known
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true)
  parsed.set(file.path, tree)
  return tree
}

/** Calls `visit` with every node below `node`, and with itself. */
export const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node)
  ts.forEachChild(node, (child) => {
    walk(child, visit)
  })
}

/** `path:line` of a node, as an editor opens it. */
export const placeOf = (file: TreeFile, node: ts.Node): string => {
  const tree = syntaxOf(file)
  return `${file.path}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`
}
