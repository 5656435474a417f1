import { readFileSync } from 'node:fs'
import process from 'node:process'
import { analyze, renderText } from '../src/index.ts'

/** When the examples were made to be looked at: shortly after the CA's renewal. */
const AT = '2026-11-24T05:00:00Z'

const color = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''

for (const name of ['healthy.yaml', 'ca-renewed.yaml']) {
  const path = `examples/api-connect/${name}`
  const report = await analyze([{ name: path, text: readFileSync(path, 'utf8') }], { at: AT })
  process.stdout.write(
    `$ kubepki ${path} --at ${AT}\n${renderText(report, { color, ...(process.stdout.isTTY && { width: process.stdout.columns }) })}\n`,
  )
}
