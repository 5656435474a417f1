// npm run test:package: is the package that npm would publish what package.json promises? Packs it, installs the tarball into an empty folder,
// and uses it there in each of the ways that package.json offers. Needs `npm run build` before. `attw` runs with the profile node16: the
// resolver of Node 10 knows no subpath exports, and Node 10 is not supported.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const LARGEST_TARBALL = 512 * 1024
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

const folder = mkdtempSync(join(tmpdir(), 'kubepki-package-'))
const user = join(folder, 'user')
mkdirSync(user)
const tarball = () => join(folder, `${manifest.name}-${manifest.version}.tgz`)

/** Runs a program; `allowed` are the exit statuses that are fine. Returns what it printed. */
const run = (command, args, { cwd = user, allowed = [0], input = '' } = {}) => {
  try {
    return execFileSync(command, args, { cwd, input, encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 * 1024 * 1024 })
  } catch (error) {
    if (allowed.includes(error.status)) return error.stdout
    throw new Error(`${[command, ...args].join(' ')} ended with ${error.status ?? error.code}\n${error.stdout ?? ''}${error.stderr ?? ''}`)
  }
}

const must = (holds, sentence) => {
  if (!holds) throw new Error(sentence)
}

const entryNames = Object.keys(manifest.exports).filter((name) => typeof manifest.exports[name] === 'object')
const specifiers = entryNames.map((name) => manifest.name + name.slice(1)).filter((specifier) => !specifier.endsWith('/vitest'))

const dump = `apiVersion: v1
kind: List
items:
- apiVersion: cert-manager.io/v1
  kind: Issuer
  metadata:
    name: selfsigned
    namespace: apic
  spec:
    selfSigned: {}
`

const useLibrary = `
const { analyze, renderText, renderJson, rules, version } = kubepki
const report = await analyze({ name: 'dump.yaml', text: ${JSON.stringify(dump)} }, { at: '2026-11-24T05:00:00Z' })
if (report.counts.issuers !== 1) throw new Error('the issuer was not counted: ' + JSON.stringify(report.counts))
if (typeof renderText(report) !== 'string' || JSON.parse(renderJson(report)).schemaVersion !== 1) throw new Error('renderers')
if (rules.length < 40 || version !== ${JSON.stringify(manifest.version)}) throw new Error('rules or version')
`

const typescriptUser = `
import type { Diagnostic, Report } from 'kubepki'
import { analyze, parseDump, renderText, rules } from 'kubepki'
const report: Report = await analyze([{ name: 'a', text: '' }], { at: '2026-11-24T05:00:00Z', certManager: { version: 'v1.18.2' } })
const first: Diagnostic | undefined = report.diagnostics[0]
export const words: string[] = [renderText(report), ...rules.map((rule) => rule.id), first?.rule ?? '']
export const dump = await parseDump({ name: 'a', text: new Uint8Array() })
// @ts-expect-error the instant is never optional
export const without = analyze([], {})
`

const checks = {
  'the build is there': () => {
    for (const name of entryNames)
      for (const kind of ['import', 'require'])
        for (const path of Object.values(manifest.exports[name][kind]))
          must(existsSync(join(root, path)), `${path} is missing: npm run build first`)
  },
  'npm pack': () => {
    const [packed] = JSON.parse(run(npm, ['pack', '--json', '--pack-destination', folder], { cwd: root }))
    must(packed.size <= LARGEST_TARBALL, `the tarball has ${packed.size} bytes, more than ${LARGEST_TARBALL}`)
    const paths = packed.files.map((file) => file.path)
    for (const wanted of ['README.md', 'LICENSE', 'CHANGELOG.md', 'docs/report.schema.json', 'dist/cli.js'])
      must(paths.includes(wanted), `${wanted} is not in the tarball`)
    const stray = paths.filter(
      (path) => !/^(dist\/|docs\/(rules\/|report\.schema\.json$)|(README|CHANGELOG)\.md$|LICENSE$|package\.json$)/.test(path),
    )
    must(stray.length === 0, `not meant for the tarball: ${stray.join(', ')}`)
    return `${Math.round(packed.size / 1024)} KiB, ${paths.length} files`
  },
  'publint --strict': () =>
    void run(process.execPath, [join(root, 'node_modules/publint/src/cli.js'), '--strict', tarball()], { cwd: root }),
  'attw --profile node16': () =>
    void run(
      process.execPath,
      [
        join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js'),
        tarball(),
        '--profile',
        'node16',
        '--no-emoji',
        '--exclude-entrypoints',
        './report.schema.json',
      ],
      { cwd: root },
    ),
  'npm install of the tarball': () => {
    writeFileSync(join(user, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }))
    run(npm, ['install', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', tarball()])
  },
  'import from ESM': () => {
    writeFileSync(
      join(user, 'esm.mjs'),
      `import * as kubepki from 'kubepki'\n${useLibrary}\n${specifiers.map((name) => `await import('${name}')`).join('\n')}\nprocess.stdout.write('ok')`,
    )
    must(run(process.execPath, ['esm.mjs']) === 'ok', 'esm.mjs did not come to its end')
  },
  'require from CJS': () => {
    writeFileSync(
      join(user, 'cjs.cjs'),
      `const kubepki = require('kubepki')\n${specifiers.map((name) => `require('${name}')`).join('\n')}\nrequire('kubepki/report.schema.json')\n;(async () => {${useLibrary}})().then(() => process.stdout.write('ok'))`,
    )
    must(run(process.execPath, ['cjs.cjs']) === 'ok', 'cjs.cjs did not come to its end')
  },
  'loading the entry does not load pkijs': () => {
    writeFileSync(
      join(user, 'lazy.cjs'),
      `require('kubepki'); process.stdout.write(String(Object.keys(require.cache).some((path) => /[\\\\/]node_modules[\\\\/]pkijs[\\\\/]/.test(path))))`,
    )
    must(run(process.execPath, ['lazy.cjs']) === 'false', 'pkijs is loaded with the entry')
  },
  'types in a strict project without DOM and without Node': () => {
    writeFileSync(join(user, 'use.ts'), typescriptUser)
    const options = {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      target: 'ES2022',
      lib: ['ES2023'],
      types: [],
      module: 'node16',
      moduleResolution: 'node16',
    }
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['use.ts'] }))
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', user])
  },
  'types of every entry from CJS': () => {
    const source = specifiers.map((name, index) => `import entry${index} = require('${name}')`).join('\n')
    writeFileSync(join(user, 'use.cts'), `${source}\nexport const all = [${specifiers.map((_, index) => `entry${index}`).join(', ')}]\n`)
    const options = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: 'ES2022',
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      module: 'node16',
      moduleResolution: 'node16',
    }
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['use.cts'] }))
    run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', user])
  },
  'npx kubepki --version': () => {
    const printed = run(npm, ['exec', '--offline', '--', 'kubepki', '--version']).trim()
    must(printed === manifest.version, `kubepki --version printed ${printed}`)
  },
  'kubepki on examples/api-connect': () => {
    cpSync(join(root, 'examples'), join(user, 'examples'), { recursive: true })
    const args = ['exec', '--offline', '--', 'kubepki', 'examples/api-connect', '--at', '2026-11-24T05:00:00Z']
    const report = JSON.parse(run(npm, [...args, '--format', 'json'], { allowed: [0, 1] }))
    must(report.counts.issuers > 0 && report.counts.certificates > 0, `the example counts ${JSON.stringify(report.counts)}`)
    must(run(npm, args, { allowed: [0, 1] }).includes('abc-management-ca'), 'the text names no abc-management-ca')
  },
  'the examples of the library': () => {
    run(process.execPath, ['examples/library/analyze.mjs'])
    run(process.execPath, ['--test', 'examples/library/rotation.test.mjs'])
  },
  'kubectl … | kubepki': () => {
    const report = JSON.parse(run(npm, ['exec', '--offline', '--', 'kubepki', '-', '--format', 'json'], { input: dump, allowed: [0, 1] }))
    must(report.counts.issuers === 1, 'standard input was not read')
  },
}

let faults = 0
for (const [name, check] of Object.entries(checks)) {
  try {
    const note = check()
    process.stdout.write(`ok    ${name}${note ? ` (${note})` : ''}\n`)
  } catch (error) {
    faults++
    process.stdout.write(`FAIL  ${name}\n${error.message.replace(/^/gm, '      ').slice(0, 4000)}\n`)
  }
}
rmSync(folder, { recursive: true, force: true })
process.stdout.write(`package: ${Object.keys(checks).length - faults} of ${Object.keys(checks).length} checks passed\n`)
process.exitCode = faults === 0 ? 0 : 1
