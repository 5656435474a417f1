import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rules } from '../src/rules/index.ts'
import { ruleIndex, rulePage } from './rule-pages.ts'

mkdirSync('docs/rules', { recursive: true })
for (const rule of rules) {
  const told = `test/rules/told/${rule.id}.txt`
  writeFileSync(`docs/rules/${rule.id}.md`, rulePage(rule, existsSync(told) ? readFileSync(told, 'utf8') : ''))
}
writeFileSync('docs/rules/README.md', ruleIndex(rules))
