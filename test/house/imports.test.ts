import { posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { entries, homes, mayImport, mayImportTypes, nodeRooms, packageOf, roomOf } from './import-table.ts'
import type { TreeFile } from './source-tree.ts'
import { filesUnder, placeOf, syntaxOf } from './source-tree.ts'

const files = filesUnder('src')
const paths = new Set(files.map((file) => file.path))

const typesAllowed = (path: string): readonly string[] =>
  Object.entries(mayImportTypes).flatMap(([folder, rooms]) => (path.startsWith(folder) ? rooms : []))

/**
 * What is wrong with one import of one file, in a sentence; undefined where nothing is. A type-only import counts like any other,
 * but for `mayImportTypes`.
 */
const faultOf = (path: string, specifier: string, known: ReadonlySet<string>, isTypeOnly = false): string | undefined => {
  const room = roomOf(path)
  const allowed = mayImport[room]
  if (!allowed) return `${path}: "${room}" is no room of the import table`
  if (specifier.startsWith('node:'))
    return nodeRooms.includes(room) ? undefined : `${path}: ${specifier} belongs to ${nodeRooms.join(' and ')}`
  if (!specifier.startsWith('.')) {
    const home = homes[packageOf(specifier)]
    if (home === undefined) return `${path}: ${specifier} has no home in the import table`
    return home === path ? undefined : `${path}: ${specifier} may only be imported by ${home}`
  }
  const target = posix.join(posix.dirname(path), specifier)
  if (target === 'package.json') return undefined
  if (!known.has(target)) return `${path}: ${specifier} is not a file of src/ (write the path with .ts)`
  const other = roomOf(target)
  if (isTypeOnly && typesAllowed(path).includes(other)) return undefined
  return other === room || allowed.includes(other) ? undefined : `${path}: room ${room} may not import room ${other} (${specifier})`
}

const importsOf = (file: TreeFile): readonly string[] =>
  ts.preProcessFile(file.text, true, true).importedFiles.map((imported) => imported.fileName)

const isTypeImport = (statement: ts.Statement): statement is ts.ImportDeclaration =>
  ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword

/** Specifiers that only `import type` names in this file. */
const typeOnlyOf = (file: TreeFile): ReadonlySet<string> => {
  const imported = importsOf(file)
  const count = (list: readonly string[], specifier: string): number => list.filter((other) => other === specifier).length
  const types = syntaxOf(file)
    .statements.filter(isTypeImport)
    .flatMap(({ moduleSpecifier }) => (ts.isStringLiteral(moduleSpecifier) ? [moduleSpecifier.text] : []))
  return new Set(types.filter((specifier) => count(types, specifier) === count(imported, specifier)))
}

const faultsOf = (file: TreeFile): readonly string[] => {
  const typeOnly = typeOnlyOf(file)
  return importsOf(file).flatMap((specifier) => faultOf(file.path, specifier, paths, typeOnly.has(specifier)) ?? [])
}

describe('imports', () => {
  it('finds the source tree', () => {
    expect(files.length).toBeGreaterThan(50)
  })

  it('follow the table of rooms, and each dependency has one home', () => {
    expect(files.flatMap(faultsOf)).toEqual([])
  })

  it.each([
    ['src/base/planted.ts', '../x509/name.ts'],
    ['src/x509/planted.ts', '../inventory/secret.ts'],
    ['src/render/planted.ts', '../model/model.ts'],
    ['src/rules/planted.ts', '../report/report.ts'],
    ['src/dump/planted.ts', 'yaml'],
    ['src/x509/planted.ts', '@noble/hashes/sha2.js'],
    ['src/dump/planted.ts', 'node:fs'],
    ['src/x509/planted.ts', 'left-pad'],
    ['src/base/planted.ts', './order.js'],
    ['src/attic/planted.ts', '../base/order.ts'],
  ])('is able to fail: %s must not import %s', (path, specifier) => {
    expect(faultOf(path, specifier, paths)).toBeDefined()
  })

  it('tell a type from a value: a rule on the input may know the reader’s problems, and never call the reader', () => {
    const path = 'src/rules/input/planted.ts'
    const type = "import type { DumpProblem } from '../../dump/raw-object.ts'\n"
    const value = "import { readDump } from '../../dump/raw-object.ts'\n"
    expect(faultsOf({ path, text: type })).toEqual([])
    expect(faultsOf({ path, text: value })).toHaveLength(1)
    expect(faultsOf({ path, text: type + value })).toHaveLength(2)
    expect(faultsOf({ path, text: `${type}export const late = () => import('../../dump/raw-object.ts')\n` })).toHaveLength(2)
    expect(faultsOf({ path: 'src/rules/chain/planted.ts', text: type })).toHaveLength(1)
  })

  it('make no circle between files', () => {
    const graph = new Map(
      files.map((file) => [
        file.path,
        syntaxOf(file)
          .statements.filter(ts.isImportDeclaration)
          .filter(
            (statement) =>
              statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword && ts.isStringLiteral(statement.moduleSpecifier),
          )
          .map((statement) => posix.join(posix.dirname(file.path), (statement.moduleSpecifier as ts.StringLiteral).text))
          .filter((target) => paths.has(target)),
      ]),
    )
    const circles: string[] = []
    const done = new Set<string>()
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      if (done.has(path) || trail.includes(path)) return
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path])
      done.add(path)
    }
    for (const path of graph.keys()) visit(path, [])
    expect(circles).toEqual([])
  })
})

describe('exports', () => {
  it('are named, never default', () => {
    const faults = files.flatMap((file) =>
      syntaxOf(file)
        .statements.filter(
          (statement) =>
            ts.isExportAssignment(statement) ||
            (ts.canHaveModifiers(statement) &&
              ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)),
        )
        .map((statement) => placeOf(file, statement)),
    )
    expect(faults).toEqual([])
  })

  it('are passed on by the entries alone: no barrel files', () => {
    const faults = files
      .filter((file) => !entries.includes(file.path))
      .flatMap((file) =>
        syntaxOf(file)
          .statements.filter((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined)
          .map((statement) => placeOf(file, statement)),
      )
    expect(faults).toEqual([])
  })

  it('stand in files with kebab-case names', () => {
    expect(files.map((file) => file.path).filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(posix.basename(path)))).toEqual([])
  })
})
