import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clientsDoc } from '../../../scripts/clients-doc.ts'
import { clients } from '../../../src/x509/clients/client.ts'
import { habits } from '../../../src/x509/clients/habits.ts'

test('docs/clients.md is what the table says', () => {
  expect(readFileSync(new URL('../../../docs/clients.md', import.meta.url), 'utf8')).toBe(clientsDoc())
})

test('the page names every client and its source', () => {
  const page = clientsDoc()
  for (const client of clients) for (const text of [habits[client].title, habits[client].source]) expect(page).toContain(text)
})
