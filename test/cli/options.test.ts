import { describe, expect, it } from 'vitest'
import { parseCommandLine } from '../../src/cli/options.ts'

describe('parseCommandLine', () => {
  it('reads paths and options in any order', () => {
    expect(
      parseCommandLine(['a.yaml', '--at', '2026-11-24T00:00:00Z', 'b', '--format=json', '-n', 'x,y', '-n', 'z', '--fail-on', 'warning']),
    ).toMatchObject({
      do: 'analyze',
      options: { paths: ['a.yaml', 'b'], at: '2026-11-24T00:00:00Z', format: 'json', namespaces: ['x', 'y', 'z'], failOn: 'warning' },
    })
  })

  it('takes a dash for standard input', () => {
    expect(parseCommandLine(['-'])).toMatchObject({ do: 'analyze', options: { paths: ['-'] } })
  })

  it.each([[['--format', 'xml']], [['--fail-on', 'fatal']], [['--nonsense']], [['--at']]])('refuses %j with a sentence', (args) => {
    const request = parseCommandLine(args)
    expect(request.do).toBe('refuse')
    expect(request.do === 'refuse' && request.why.length > 5).toBe(true)
  })

  it('knows help, version and explain', () => {
    expect(parseCommandLine(['--help', 'x']).do).toBe('help')
    expect(parseCommandLine(['-V']).do).toBe('version')
    expect(parseCommandLine(['explain', 'ca-rekeyed'])).toEqual({ do: 'explain', rule: 'ca-rekeyed' })
  })
})
