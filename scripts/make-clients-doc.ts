import { writeFileSync } from 'node:fs'
import { clientsDoc } from './clients-doc.ts'

writeFileSync('docs/clients.md', clientsDoc())
