import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dump } from '../../src/dump/dump.ts'
import { readDump } from '../../src/dump/read-dump.ts'
import { printKubectlYaml } from '../../src/testing/index.ts'

const certificate = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { annotations: { note: 'one\ntwo\n' }, name: 'web', namespace: 'shop' },
  spec: { dnsNames: ['web.shop.svc'], issuerRef: { kind: 'Issuer', name: 'ca' }, secretName: 'web-tls' },
  status: { conditions: [{ message: 'Certificate is up to date', status: 'True', type: 'Ready' }], revision: 1 },
}
const secret = {
  apiVersion: 'v1',
  data: { 'ca.crt': 'TFMwdExT', 'tls.crt': 'TFMwdExT' },
  kind: 'Secret',
  metadata: { name: 'web-tls', namespace: 'shop' },
  type: 'kubernetes.io/tls',
}
const applied =
  'apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata:\n  name: ca\n  namespace: shop\nspec:\n  ca:\n    secretName: root\n'
const issuer = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Issuer',
  metadata: { name: 'ca', namespace: 'shop' },
  spec: { ca: { secretName: 'root' } },
}

const read = (text: string): Promise<Dump> => readDump({ name: 'case.txt', text })
const values = ({ objects }: Dump) => objects.map(({ value }) => value)

/** What stands behind an object in sessions, mails, tickets and documents. */
const TEXTS: readonly (readonly [string, string])[] = [
  [
    'a description',
    'admin@jump:~$ kubectl describe cert web\nName:         web\nAnnotations:  a.example/b: c\n              a.example/d: e\nSpec:\n  Dns Names:\n    web\n',
  ],
  ['a description, by a prompt of PowerShell', 'PS C:\\> kubectl describe cert web\nName:  web\nSpec:\n  Secret Name:  web-tls\n'],
  ['a description, traced by the shell', '+ kubectl describe cert web\nName:  web\nSpec:\n  Secret Name:  web-tls\n'],
  [
    'a certificate as text',
    '$ openssl x509 -noout -text -in web.crt\nCertificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number: 7\n',
  ],
  ['a connection', '$ curl -v https://web.shop\n* Connected\n  (::1) port 443\n* SSL certificate problem\n'],
  ['prose with a list', '\nWhat we tried:\n- deleted the Secret\n- restarted the controller\n\nRegards\n'],
  ['prose that is set in', '\nWe see this since Monday,\n  on both clusters.\n'],
  ['a signature', '\nMax Example\n  Engineer\n'],
  ['the end of a here-document', 'EOF\n\nkubectl annotate ingress web \\\n  cert-manager.io/issuer=ca\n'],
  ['the end of a listing in AsciiDoc', '----\n\n* It is used\n  by all.\n'],
  ['the end of a listing in HTML', '</pre>\n<ul>\n  <li>It is used</li>\n</ul>\n'],
  ['a stack', 'panic: not found\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:12 +0x1d\nexit status 2\n'],
  ['notes of a chart', 'NOTES:\n1. Get the URL:\n  export POD=$(kubectl get pods)\n'],
]

describe('text behind an object', () => {
  it.each(TEXTS)('costs it nothing, nor the one that follows: %s', async (_what, text) => {
    for (const [object, yaml] of [
      [certificate, printKubectlYaml(certificate)],
      [secret, printKubectlYaml(secret)],
      [issuer, applied],
    ] as const) {
      expect(values(await read(yaml + text))).toStrictEqual([object])
      const dump = await read(`${yaml}${text}---\n${printKubectlYaml(certificate)}`)
      expect(values(dump)).toStrictEqual([object, certificate])
      expect(dump.problems).toStrictEqual([])
      expect(dump.objects[1]?.placeOf(['spec', 'secretName']).line).toBe(
        `${yaml}${text}---\n${printKubectlYaml(certificate)}`.split('\n').lastIndexOf('  secretName: web-tls') + 1,
      )
    }
  })

  it.each(['  ', '    ', '> ', '> > '])('may hold further objects, with something before their lines: %j', async (prefix) => {
    const set = (yaml: string): string => yaml.trimEnd().replaceAll(/^/gm, prefix)
    const text = `${printKubectlYaml(secret)}\nI also see this,\n  on both clusters:\n\n${set(printKubectlYaml(certificate))}\n\nand this:\n\n${set(applied)}\n`
    const dump = await read(text)
    expect(values(dump)).toStrictEqual([secret, certificate, issuer])
    const lines = text.split('\n')
    expect(dump.objects.map(({ place }) => place.line)).toStrictEqual([
      1,
      lines.indexOf(`${prefix}kind: Certificate`),
      lines.indexOf(`${prefix}kind: Issuer`),
    ])
    expect(dump.objects[1]?.placeOf(['spec', 'secretName']).line).toBe(lines.indexOf(`${prefix}  secretName: web-tls`) + 1)
  })

  it('is read for what it lists', async () => {
    const table = 'NAME      TYPE                DATA   AGE\nweb-tls   kubernetes.io/tls   3      4d\n'
    const text = `${printKubectlYaml(certificate)}\nThe Secrets:\n  of shop\n\n$ kubectl get secrets -n shop\n${table}`
    expect([...(await read(text)).coverage.secretListings.keys()]).toStrictEqual(['shop'])
  })
})

describe('foreign lines in the middle of an object', () => {
  const lines = [
    'oops',
    'What we tried:',
    'E1124 05:00:00.000000 1 x.go:1] no',
    'panic: x\n\t/src/main.go:12',
    'Trace:\n  File "x.py"\n    call()',
    '...',
  ]

  it('never leave a part of it that is taken for the whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(certificate, secret),
        fc.constantFrom(...lines),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (object, foreign, share) => {
          const own = printKubectlYaml(object).trimEnd().split('\n')
          const at = 1 + Math.floor(share * (own.length - 2))
          const dump = await read([...own.slice(0, at), foreign, ...own.slice(at), ''].join('\n'))
          for (const value of values(dump)) expect(value).toStrictEqual(object)
          if (dump.objects.length === 0) expect(dump.problems.length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 600 },
    )
  })

  it.each(['...', '... more'])('are told where somebody left a part out: %s', async (mark) => {
    const own = printKubectlYaml(certificate).split('\n')
    const at = own.indexOf('spec:')
    const dump = await read([...own.slice(0, at), mark, ...own.slice(at)].join('\n'))
    expect(dump.problems.map(({ place }) => place.line)).toStrictEqual([at + 1])
    expect(values(dump)).toStrictEqual([certificate])
  })
})
