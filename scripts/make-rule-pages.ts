import { mkdirSync, writeFileSync } from 'node:fs'
import { rules } from '../src/rules/index.ts'
import { ruleIndex, rulePage } from './rule-pages.ts'

mkdirSync('docs/rules', { recursive: true })
for (const rule of rules) writeFileSync(`docs/rules/${rule.id}.md`, rulePage(rule))
writeFileSync('docs/rules/README.md', ruleIndex(rules))
