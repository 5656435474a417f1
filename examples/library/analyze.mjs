// node examples/library/analyze.mjs [DUMP]: the errors of a dump, each with what mends it.
import { readFile } from 'node:fs/promises'
import { analyze } from 'kubepki'

const name = process.argv[2] ?? new URL('../api-connect/ca-renewed.yaml', import.meta.url)
const report = await analyze([{ name: String(name), text: await readFile(name) }], { at: new Date('2026-11-24T05:00:00Z') })
for (const { rule, message, remedy } of report.diagnostics.filter(({ severity }) => severity === 'error')) {
  console.log(`${rule}: ${message.text}`)
  for (const command of remedy.commands) console.log(`  $ ${command}`)
}
