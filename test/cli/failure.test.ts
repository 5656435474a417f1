import { describe, expect, it } from 'vitest'
import { failureOf } from '../../src/cli/failure.ts'
import { UsageError } from '../../src/cli/usage-error.ts'
import { analyze } from '../../src/index.ts'
import { KubepkiFileError } from '../../src/node/index.ts'

const caught = (fail: () => unknown): unknown => {
  try {
    return fail()
  } catch (error) {
    return error
  }
}

describe('failureOf', () => {
  it('says our own sentences', async () => {
    expect(failureOf(new UsageError('no rule is called x'))).toBe('no rule is called x')
    expect(failureOf(new KubepkiFileError('not-found', 'a: no such file or folder', 'a'))).toBe('a: no such file or folder')
    const at: unknown = await analyze([], { at: 'yesterday' }).catch((error: unknown) => error)
    expect(failureOf(at)).toMatch(/^--at must be a valid Date or an RFC 3339 string/)
  })

  it.each([
    ['TypeError', caught(() => Reflect.construct(Object, [], 'hunter2' as unknown as () => void))],
    ['TypeError', caught(() => 'x' in ('hunter2' as unknown as object))],
    ['SyntaxError', caught(() => JSON.parse('hunter2') as unknown)],
    ['RangeError', new RangeError('hunter2')],
    ['error', 'hunter2'],
  ])('says of any other error its name alone: %s', (name, error) => {
    expect(failureOf(error)).toMatch(new RegExp(`^failed by a fault of kubepki \\(${name}\\); please report it with the version \\S+$`))
  })
})
