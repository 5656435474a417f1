import { readFileSync, writeFileSync } from 'node:fs'
import { defaultLimits } from '../src/base/limits.ts'
import { limitsDoc } from './limits-doc.ts'

writeFileSync('docs/limits.md', limitsDoc(readFileSync('src/base/limits.ts', 'utf8'), defaultLimits))
