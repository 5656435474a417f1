// node scripts/run.mjs FILE.ts ARGUMENT…: runs a TypeScript file of this repository on every Node that we support.
// Node strips types by itself only from 22.18 on.
import { register } from 'node:module'
import { resolve } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

const [, , file, ...rest] = process.argv
if (file === undefined) {
  process.stderr.write('usage: node scripts/run.mjs FILE.ts ARGUMENT…\n')
  process.exit(2)
}
register('./typescript-hook.mjs', import.meta.url)
process.argv = [process.argv[0], resolve(file), ...rest]
await import(pathToFileURL(resolve(file)).href)
