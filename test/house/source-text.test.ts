import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { nestedQuantifier } from './regex-scan.ts'
import { slowestInput } from './regex-steps.ts'
import type { TreeFile } from './source-tree.ts'
import { filesUnder, placeOf, root, syntaxOf, walk } from './source-tree.ts'

const source = filesUnder('src')
const own = [...source, ...filesUnder('test'), ...filesUnder('scripts'), ...filesUnder('bench')].filter(
  (file) => file.path !== 'test/house/source-text.test.ts',
)

const isFunction = (node: ts.Node | undefined): boolean =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node))

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)

/** Exported functions of a file that have no doc comment. */
const withoutComment = (file: TreeFile): readonly string[] =>
  syntaxOf(file)
    .statements.filter(isExported)
    .filter(
      (statement) =>
        isFunction(statement) ||
        (ts.isVariableStatement(statement) &&
          statement.declarationList.declarations.some((declaration) => isFunction(declaration.initializer))),
    )
    .filter((statement) => ts.getJSDocCommentsAndTags(statement).length === 0)
    .map((statement) => placeOf(file, statement))

const nodesOf = (files: readonly TreeFile[], wanted: (node: ts.Node) => boolean): readonly string[] =>
  files.flatMap((file) => {
    const found: string[] = []
    walk(syntaxOf(file), (node) => {
      if (wanted(node)) found.push(placeOf(file, node))
    })
    return found
  })

const linesWith = (pattern: RegExp): readonly string[] =>
  own.flatMap((file) => file.text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${file.path}:${index + 1}`] : [])))

describe('source text', () => {
  it('has a doc comment on every exported function', () => {
    expect(source.flatMap(withoutComment)).toEqual([])
  })

  it('never says any, and never silences the compiler or the linter', () => {
    expect(nodesOf(own, (node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([])
    expect(linesWith(/@ts-(ignore|nocheck)|eslint-disable|prettier-ignore/)).toEqual([])
  })

  it('has no leftovers', () => {
    expect(linesWith(/\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([])
    expect(linesWith(/\b(it|test|describe)(\.[a-z]+)*\.only\(|\bdebugger\b|\b(fit|fdescribe|xit|xdescribe)\(/)).toEqual([])
  })

  it('reads no clock in a test: timing belongs in the bench', () => {
    expect(linesWith(/performance\.now|Date\.now|hrtime/).filter((place) => place.startsWith('test/'))).toEqual([])
  })

  it('speaks of no folder of one machine', () => {
    expect(linesWith(/(['"`\s(]|^)\/(work|home|Users|root)\//)).toEqual([])
  })

  it('holds no second copy of a file', () => {
    const byText = new Map<string, string>()
    const copies = source.flatMap((file) => {
      const text = file.text.replace(/\s+/g, ' ')
      const other = byText.get(text)
      byText.set(text, file.path)
      return other ? [`${other} = ${file.path}`] : []
    })
    expect(copies).toEqual([])
  })
})

describe('regular expressions', () => {
  // What kubepki/testing reads comes from the test that calls it.
  const reading = source.filter((file) => !file.path.startsWith('src/testing/'))
  const literals = reading.flatMap((file) => {
    const found: { place: string; text: string }[] = []
    walk(syntaxOf(file), (node) => {
      if (ts.isRegularExpressionLiteral(node)) found.push({ place: placeOf(file, node), text: node.text })
    })
    return found
  })

  it.each(['(a+)+', '(?:a*b?)*', '([a-z]+\\s?){2,}', '(x|y+)*', '((?:ab)*c)*?', '(a-[a-z]+)*'])(
    'is able to fail: %s nests quantifiers',
    (pattern) => {
      expect(nestedQuantifier(pattern)).toBe(true)
    },
  )

  it.each(['a+b*', '(abc)+', '[(+*)]+', '\\(a+\\)+', '(a{3}){4}', '(?:a?b)*', '(a+)?', '(?:-[a-z]+)*', '(\\.\\d+)+'])(
    'is able to pass: %s does not',
    (pattern) => {
      expect(nestedQuantifier(pattern)).toBe(false)
    },
  )

  it('never nest one quantifier in another', () => {
    expect(literals.filter(({ text }) => nestedQuantifier(text.slice(1, text.lastIndexOf('/'))))).toEqual([])
  })

  it('are written down, never put together from values', () => {
    expect(nodesOf(reading, (node) => ts.isNewExpression(node) && node.expression.getText() === 'RegExp')).toEqual([])
  })

  it('is able to find a slow one', () => {
    expect(slowestInput(/\s+$/)).toBeDefined()
    expect(slowestInput(/^(a|a)*$/)).toBeDefined()
    expect(slowestInput(/^(a+)+$/)).toBeDefined()
    expect(slowestInput(/^(-[a-]+)*$/)).toBeDefined()
    expect(slowestInput(/x.*y/)).toBeDefined()
    expect(slowestInput(/^[a-z]+[a-z0-9]+$/)).toBeDefined()
    expect(slowestInput(/^[a-z]+$/)).toBeUndefined()
    expect(slowestInput(/^(?:-[a-z]+)*$/m)).toBeUndefined()
  })

  it.each(literals.map(({ place, text }) => [`${place} ${text}`, text] as const))(
    '%s takes steps in proportion to its input',
    (_place, text) => {
      const end = text.lastIndexOf('/')
      expect(slowestInput(new RegExp(text.slice(1, end), text.slice(end + 1)))).toBeUndefined()
    },
  )
})

describe('package-lock.json', () => {
  // npm writes `./dist/cli.js` as `dist/cli.js` there.
  const plainPaths = (value: unknown): unknown => JSON.parse((JSON.stringify(value) ?? 'null').replaceAll('"./', '"'))
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')

  it('names no registry, so that it installs from whichever one is set', () => {
    expect(lock).not.toMatch(/"resolved"/)
  })

  it('agrees with package.json', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const top = JSON.parse(lock).packages['']
    for (const field of ['name', 'version', 'dependencies', 'devDependencies', 'peerDependencies', 'engines', 'bin'])
      expect(plainPaths(top[field]), field).toEqual(plainPaths(manifest[field]))
  })
})
