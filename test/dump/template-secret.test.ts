import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTemplateSecret } from '../../src/dump/template-secret.ts'
import { readDump } from '../../src/dump/read-dump.ts'

const HEAD = 'type: kubernetes.io/tls\nmetadata:\n  name: 1e3\n  namespace: f\ndata:\n'

describe('readTemplateSecret', () => {
  it('reads the template whatever empty lines stand behind it', () => {
    for (const end of ['', '\n', '\n\n \n', '\n'.repeat(40)])
      expect(readTemplateSecret(`${HEAD}  ca.crt: QUJD\n  tls.crt: ${end}`)).toEqual({
        type: 'kubernetes.io/tls',
        metadata: { name: '1e3', namespace: 'f' },
        data: { 'ca.crt': 'QUJD', 'tls.crt': null },
      })
  })

  it('declines a text of more lines, wherever they stand', () => {
    const gap = fc.integer({ min: 0, max: 30 }).map((count) => '\n'.repeat(count))
    fc.assert(
      fc.property(gap, gap, (before, between) => {
        expect(readTemplateSecret(`${HEAD}  ca.crt: QUJD\n${before}  tls.crt: QUJD\n${between}  tls.key: QUJD\n`)).toBeUndefined()
      }),
    )
  })

  it('loses nothing that stands behind empty lines', async () => {
    const text = `${HEAD.replace('1e3', 'e')}  ca.crt: QUJD\n\n\n\n\n\n\n  tls.crt: REVG\n`
    const { objects } = await readDump({ name: 'x', text })
    expect(objects.map(({ value }) => value['data'])).toEqual([{ 'ca.crt': 'QUJD', 'tls.crt': 'REVG' }])
  })
})
