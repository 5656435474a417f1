/** Which room may import which: the table of docs/how-it-works.md, as data. A room may always import itself. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  bundle: ['base'],
  dump: ['base'],
  x509: ['base'],
  inventory: ['base', 'dump', 'x509'],
  model: ['base', 'x509', 'inventory'],
  replay: ['base', 'x509', 'inventory', 'model'],
  rules: ['base', 'x509', 'inventory', 'model', 'replay'],
  report: ['base', 'bundle', 'dump', 'x509', 'inventory', 'model', 'replay', 'rules'],
  render: ['base', 'report'],
  'index.ts': ['base', 'bundle', 'dump', 'x509', 'inventory', 'model', 'replay', 'rules', 'report', 'render'],
  node: ['index.ts'],
  cli: ['report', 'index.ts', 'node'],
  testing: ['index.ts', 'x509'],
}

/**
 * Rooms whose types, and nothing else, a folder may import besides. A rule on what is wrong with the input is given the reader's
 * problems, which are data.
 */
export const mayImportTypes: Readonly<Record<string, readonly string[]>> = {
  'src/rules/input/': ['dump'],
}

/** Rooms that run on Node and may import its modules. */
export const nodeRooms: readonly string[] = ['node', 'cli']

/** One home per dependency: the only file that may import it, so that replacing it means changing one file. */
export const homes: Readonly<Record<string, string>> = {
  yaml: 'src/dump/general-yaml.ts',
  asn1js: 'src/x509/asn1.ts',
  pkijs: 'src/x509/pkijs.ts',
  '@noble/hashes': 'src/x509/digest.ts',
}

/** The files that package.json offers to others, the only ones that may pass on what another file exports. */
export const entries: readonly string[] = ['src/index.ts', 'src/node/index.ts', 'src/testing/index.ts', 'src/cli/main.ts']

/** The room of a file under src/: its folder, or its own name where it lies at the top. */
export const roomOf = (path: string): string => path.split('/')[1] ?? ''

/** `@scope/name/deep.js` belongs to the package `@scope/name`, `name/deep` to `name`. */
export const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
