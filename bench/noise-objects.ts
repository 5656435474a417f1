import { base64, identity } from './object-text.ts'

/** Which objects stand beside those of cert-manager. */
export type NoiseKind = 'secrets' | 'all'

const CREATED = '2026-06-01T00:00:00Z'

/** Characters of random base64: incompressible for a reader, as real data are. */
const randomBase64 = (length: number, random: () => number): string => {
  const bytes = Buffer.alloc(Math.ceil((length * 3) / 4))
  for (let i = 0; i + 4 <= bytes.length; i += 4) bytes.writeUInt32LE(Math.floor(random() * 0x1_0000_0000), i)
  return bytes.toString('base64').slice(0, length - (length % 4))
}

const secret = (name: string, namespace: string, type: string, data: string, labels = ''): string =>
  `- apiVersion: v1
  data:
${data}  kind: Secret
  metadata:
    creationTimestamp: "${CREATED}"
${labels}${identity('Secret', name, namespace)}  type: ${type}
`

/** A release of Helm: base64 of base64 of gzip, some 80 KB. */
const helmRelease = (i: number, namespace: string, random: () => number): string =>
  secret(
    `sh.helm.release.v1.app-${i}.v1`,
    namespace,
    'helm.sh/release.v1',
    `    release: ${base64(randomBase64(40_000 + Math.floor(random() * 40_000), random))}\n`,
    `    labels:\n      name: app-${i}\n      owner: helm\n      status: deployed\n      version: "1"\n`,
  )

const token = (i: number, namespace: string, random: () => number): string =>
  secret(
    `default-token-${i}`,
    namespace,
    'kubernetes.io/service-account-token',
    `    namespace: ${base64(namespace)}\n    token: ${randomBase64(1_200, random)}\n`,
  )

const registry = (i: number, namespace: string, random: () => number): string =>
  secret(`pull-${i}`, namespace, 'kubernetes.io/dockerconfigjson', `    .dockerconfigjson: ${randomBase64(400, random)}\n`)

const configMap = (i: number, namespace: string): string =>
  `- apiVersion: v1
  data:
    application.properties: |
${Array.from({ length: 60 }, (_, line) => `      service.${i}.setting.${line}=value ${line} of ${namespace}\n`).join('')}  kind: ConfigMap
  metadata:
    creationTimestamp: "${CREATED}"
${identity('ConfigMap', `settings-${i}`, namespace)}`

const pod = (i: number, namespace: string): string =>
  `- apiVersion: v1
  kind: Pod
  metadata:
    creationTimestamp: "${CREATED}"
    labels:
      app: app-${i}
${identity('Pod', `app-${i}`, namespace)}  spec:
    containers:
    - env:
${Array.from({ length: 40 }, (_, line) => `      - name: SETTING_${line}\n        value: "${line}: it's # one"\n`).join('')}      image: registry.example.com/app/app-${i}:1.0.0
      imagePullPolicy: IfNotPresent
      name: app
      ports:
      - containerPort: 8080
        protocol: TCP
      resources:
        limits:
          cpu: 500m
          memory: 256Mi
      volumeMounts:
      - mountPath: /etc/tls
        name: tls
        readOnly: true
    volumes:
    - name: tls
      secret:
        defaultMode: 420
        secretName: abc-management-0
  status:
    phase: Running
    podIP: 10.0.${i % 256}.${(i >> 8) % 256}
`

/** Number i of the objects that are none of cert-manager's. */
export const noiseObject = (kind: NoiseKind, i: number, random: () => number): string => {
  const namespace = `noise-${i % 50}`
  if (kind === 'secrets') return [helmRelease, token, registry][i % 3]!(i, namespace, random)
  const turn = i % 10
  if (turn === 0) return helmRelease(i, namespace, random)
  if (turn < 4) return configMap(i, namespace)
  if (turn < 7) return pod(i, namespace)
  return (turn < 9 ? token : registry)(i, namespace, random)
}
