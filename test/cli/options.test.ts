import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommandLine } from '../../src/cli/options.ts'
import { parseVersion } from '../../src/replay/cert-manager-version.ts'

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

  it.each([
    [['--cert-manager-version', 'banana']],
    [['--cert-manager-version', '1']],
    [['--cert-manager-version', '1.2.3.4']],
    [['--cert-manager-version', 'v1.18.0-']],
    [['--feature-gates', 'nonsense']],
    [['--feature-gates', 'OtherNames=maybe']],
    [['--feature-gates', 'OtherNames=true,']],
    [['--feature-gates', '=true']],
    [['--feature-gates', `${'A=true,'.repeat(1000)}A=true`]],
    [['explain', 'ca-rekeyed', 'expired']],
  ])('refuses %j, which it would not understand', (args) => {
    expect(parseCommandLine(args).do).toBe('refuse')
  })

  it('takes versions and gates in all their forms', () => {
    for (const version of ['v1.18.6', '1.18.6', '1.18', 'v1.20.0-beta.1', '1.19.0+build.7'])
      expect(parseCommandLine(['--cert-manager-version', version])).toMatchObject({ options: { certManagerVersion: version } })
    for (const gates of ['OtherNames=true', 'OtherNames=true,ServerSideApply=false', 'A=1, B=F'])
      expect(parseCommandLine(['--feature-gates', gates])).toMatchObject({ options: { featureGates: gates } })
  })

  it('takes no version that the analysis cannot read', () => {
    const part = fc.stringMatching(/^[v0-9.a-z+-]{1,6}$/)
    fc.assert(
      fc.property(
        fc.oneof(
          part,
          fc.tuple(part, part, part).map((parts) => parts.join('.')),
        ),
        (version) => {
          if (parseCommandLine([`--cert-manager-version=${version}`]).do === 'analyze') expect(parseVersion(version)).toBeDefined()
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('says in one line what is wrong', () => {
    const request = parseCommandLine(['--output', '-v'])
    expect(request.do === 'refuse' && request.why).toMatch(/^Option .* is ambiguous$/)
  })

  it('knows help, version and explain', () => {
    expect(parseCommandLine(['--help', 'x']).do).toBe('help')
    expect(parseCommandLine(['-V']).do).toBe('version')
    expect(parseCommandLine(['explain', 'ca-rekeyed'])).toEqual({ do: 'explain', rule: 'ca-rekeyed' })
  })
})
