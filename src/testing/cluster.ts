import type { IssuedCertificate } from './certificate-builder.ts'
import { instantOf } from './certificate-builder.ts'
import type { ClusterState } from './cluster-state.ts'
import { create, findCertificate, findSecret, objectKey, remember, setClock, touch } from './cluster-state.ts'
import { emptyCluster } from './cluster-options.ts'
import type { ClusterOptions, OutsideIssuerOptions, StepOptions } from './cluster-options.ts'
import { inKubectlOrder, listOf } from './kubectl-order.ts'
import { outsideChain } from './outside-chain.ts'
import type { KeyPair } from './key-pair.ts'
import { privateKeyPem } from './key-pair.ts'
import type { JsonValue } from './kubectl-yaml-printer.ts'
import { printKubectlJson, printKubectlYaml } from './kubectl-yaml-printer.ts'
import type {
  CertificateInput,
  CertificateObject,
  CertificateSpec,
  IssuerObject,
  IssuerRef,
  KubernetesObject,
  SecretObject,
} from './kubernetes-objects.ts'
import { base64Text, textOfBase64 } from './pem-writer.ts'
import type { IssuanceOptions } from './simulated-issuance.ts'
import { advancePending, historyOf, issue, noteDates, setCertificateCondition } from './simulated-issuance.ts'
import { createIssuer, refreshIssuers, setReady } from './simulated-issuers.ts'
import { parseDuration } from './simulated-signing.ts'

type Step = (state: ClusterState) => Promise<void> | void

/**
 * A cluster with a simulated cert-manager. Each method notes a step and returns the cluster; the steps run, in order, when something is asked
 * (`toObjects`, `toYaml`, …). Errors of a step are thrown there. After each step issuers are looked at again and waiting requests tried again;
 * Certificates are re-issued only when a step says so, as if the controller had stopped in between.
 */
export class Cluster {
  readonly #state: ClusterState
  #steps: Step[] = []
  #running: Promise<void> = Promise.resolve()

  constructor(options: ClusterOptions) {
    this.#state = emptyCluster(options)
  }

  /** Sets the clock: an instant, or a Go duration from where it stands (`720h`). */
  at(instant: Date | string): this {
    return this.step((state) => {
      const relative = typeof instant === 'string' && /^\d+[hms]/.test(instant)
      state.clock = relative ? new Date(state.clock.getTime() + parseDuration(instant)) : instantOf(instant)
    })
  }

  /** Another cert-manager from here on. */
  upgrade(version: string): this {
    return this.step((state) => {
      state.version = version
    })
  }

  selfSignedIssuer(name: string, options: StepOptions & { readonly kind?: 'Issuer' | 'ClusterIssuer' } = {}): this {
    return this.issuer(name, { selfSigned: {} }, options)
  }

  /** A CA issuer; its Secret's name is its own by default. */
  caIssuer(name: string, options: StepOptions & Partial<NonNullable<IssuerObject['spec']['ca']>> = {}): this {
    const { namespace, at, secretName = name, ...rest } = options
    return this.issuer(
      name,
      { ca: { secretName, ...rest } },
      { ...(namespace === undefined ? {} : { namespace }), ...(at === undefined ? {} : { at }) },
    )
  }

  /** A ClusterIssuer of type CA, or SelfSigned where no Secret is named; the Secret is looked up in the cluster resource namespace. */
  clusterIssuer(name: string, options: StepOptions & Partial<NonNullable<IssuerObject['spec']['ca']>> = {}): this {
    const { at, secretName, namespace: _none, ...rest } = options
    const spec = secretName === undefined ? { selfSigned: {} } : { ca: { secretName, ...rest } }
    return this.issuer(name, spec, { kind: 'ClusterIssuer', ...(at === undefined ? {} : { at }) })
  }

  /** An issuer of any spec. */
  issuer(name: string, spec: IssuerObject['spec'], options: StepOptions & { readonly kind?: 'Issuer' | 'ClusterIssuer' } = {}): this {
    return this.step(async (state) => {
      setClock(state, options.at)
      await createIssuer(state, options.kind ?? 'Issuer', name, spec, options)
    })
  }

  acmeIssuer(name: string, options: OutsideIssuerOptions = {}): this {
    const acme = {
      email: 'ops@example.com',
      privateKeySecretRef: { name: `${name}-account` },
      server: 'https://acme.example.com/directory',
      solvers: [{ http01: { ingress: { ingressClassName: 'nginx' } } }],
    }
    const ready = { status: 'True', reason: 'ACMEAccountRegistered', message: 'The ACME account was registered with the ACME server' }
    return this.#outside(name, { acme }, { ready, ...options }, 'verbatim', false)
  }

  vaultIssuer(name: string, options: OutsideIssuerOptions & { readonly path?: string } = {}): this {
    const vault = {
      auth: { tokenSecretRef: { key: 'token', name: `${name}-token` } },
      path: options.path ?? 'pki/sign/example',
      server: 'https://vault.example.com:8200',
    }
    const ready = { status: 'True', reason: 'VaultVerified', message: 'Vault verified' }
    return this.#outside(name, { vault }, { ready, ...options }, 'chain', true)
  }

  venafiIssuer(name: string, options: OutsideIssuerOptions = {}): this {
    const venafi = { cloud: { apiTokenSecretRef: { key: 'apikey', name } }, zone: 'DevOps\\Default' }
    const reason = 'Certificate Manager issuer started'
    return this.#outside(name, { venafi }, { ready: { status: 'True', reason, message: reason }, ...options }, 'chain', true)
  }

  /** An issuer that is no part of cert-manager. Without `chain` nobody answers its requests. */
  externalIssuer(
    name: string,
    options: StepOptions & {
      readonly group: string
      readonly kind: string
      readonly chain?: readonly IssuedCertificate[]
      readonly spec?: JsonValue
    },
  ): this {
    return this.step(async (state) => {
      setClock(state, options.at)
      const issuer = await createIssuer(state, options.kind, name, (options.spec ?? {}) as IssuerObject['spec'], {
        ...options,
        version: 'v1beta1',
      })
      if (options.chain !== undefined) {
        state.outside.set(objectKey(options.kind, issuer.metadata.namespace, name), {
          chain: options.chain,
          style: 'verbatim',
          writesCa: true,
        })
      }
    })
  }

  /** A Certificate, issued at once where its issuer can. */
  certificate(name: string, input: CertificateInput): this {
    return this.step(async (state) => {
      setClock(state, input.at)
      const { issuer, secretName = name, namespace = state.namespace, annotations, at: _at, overrides, ...fields } = input
      const issuerRef: IssuerRef = typeof issuer === 'string' ? { kind: 'Issuer', name: issuer } : issuer
      const spec: CertificateSpec = { ...fields, issuerRef, secretName }
      const object: Omit<CertificateObject, 'metadata'> = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', spec, status: {} }
      const certificate = await create<CertificateObject>(state, object, {
        name,
        namespace,
        ...(annotations === undefined ? {} : { annotations }),
      })
      const owner = findSecret(state, namespace, secretName)?.metadata.annotations?.['cert-manager.io/certificate-name']
      if (owner !== undefined && owner !== name && findCertificate(state, namespace, owner) !== undefined) {
        refuseAsSecondOwner(state, certificate, owner)
        return
      }
      refreshIssuers(state)
      await issue(state, certificate, { overrides })
    })
  }

  /** Renews a Certificate, as `cmctl renew` would, or, where its Secret is gone, as cert-manager itself. */
  renew(
    name: string,
    options: StepOptions & Pick<IssuanceOptions, 'keepKey' | 'key' | 'overrides'> & { readonly skiMethod?: 'sha1' | 'sha256' } = {},
  ): this {
    return this.#onCertificate(name, options, async (state, certificate) => {
      const { keepKey, key, skiMethod } = options
      const overrides = skiMethod === undefined ? options.overrides : { ...options.overrides, subjectKeyIdentifier: skiMethod }
      await issue(state, certificate, { keepKey, key, overrides, ...triggerOf(state, certificate) })
    })
  }

  /** Something has taken the Secret away and cert-manager has not made it again. */
  deleteSecret(name: string, options: StepOptions = {}): this {
    return this.delete('Secret', name, options)
  }

  delete(kind: string, name: string, options: StepOptions = {}): this {
    return this.step((state) => {
      setClock(state, options.at)
      const namespace = kind.startsWith('Cluster') ? undefined : (options.namespace ?? state.namespace)
      if (!state.objects.delete(objectKey(kind, namespace, name))) throw new Error(`no ${kind} ${name}`)
    })
  }

  /** Changes a Secret's values. `edit` gets those that are text, decoded, and returns what replaces or (undefined) removes them. */
  editSecret(
    name: string,
    edit: (data: Readonly<Record<string, string>>) => Readonly<Record<string, string | undefined>>,
    options: StepOptions = {},
  ): this {
    return this.#onSecret(name, options, (state, secret) => {
      const data = { ...secret.data }
      const texts = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, textOfBase64(value)]))
      for (const [key, text] of Object.entries(edit(texts))) {
        if (text === undefined) delete data[key]
        else if (text !== texts[key]) data[key] = base64Text(text)
      }
      secret.data = data
      touch(state, secret)
    })
  }

  /** Changes an object in any way. */
  patch(kind: string, name: string, change: (object: KubernetesObject) => void, options: StepOptions = {}): this {
    return this.step((state) => {
      setClock(state, options.at)
      const namespace = kind.startsWith('Cluster') ? undefined : (options.namespace ?? state.namespace)
      const object = state.objects.get(objectKey(kind, namespace, name))
      if (object === undefined) throw new Error(`no ${kind} ${name}`)
      change(object)
      touch(state, object)
    })
  }

  /** Copies a Secret into another namespace, as API Connect's documents ask for `ingress-ca`. */
  copySecret(name: string, toNamespace: string, options: StepOptions & { readonly as?: string } = {}): this {
    return this.#onSecret(name, options, async (state, secret) => {
      const { metadata, ...rest } = structuredClone(secret)
      const { annotations = {}, labels = {} } = metadata
      await create<SecretObject>(state, rest, { name: options.as ?? name, namespace: toNamespace, annotations, labels })
    })
  }

  /** A Secret made by hand: a CA from elsewhere, or any text values. */
  secret(
    name: string,
    content: StepOptions & {
      readonly chain?: readonly IssuedCertificate[]
      readonly ca?: IssuedCertificate
      readonly key?: KeyPair
      readonly data?: Readonly<Record<string, string>>
      readonly type?: string
      readonly annotations?: Record<string, string>
    },
  ): this {
    return this.step(async (state) => {
      setClock(state, content.at)
      const { chain = [], ca, key = chain[0]?.key, annotations } = content
      for (const certificate of [...chain, ...(ca === undefined ? [] : [ca])]) remember(state, certificate)
      const keyPem = key === undefined ? undefined : privateKeyPem(key)
      if (key !== undefined && keyPem !== undefined) state.privateKeys.set(keyPem, key)
      const texts: Record<string, string> = {
        ...(ca === undefined ? {} : { 'ca.crt': ca.pem }),
        ...(chain.length === 0 ? {} : { 'tls.crt': chain.map(({ pem }) => pem).join('') }),
        ...(keyPem === undefined ? {} : { 'tls.key': keyPem }),
        ...content.data,
      }
      const data = Object.fromEntries(Object.entries(texts).map(([field, text]) => [field, base64Text(text)]))
      const type = content.type ?? (chain.length > 0 ? 'kubernetes.io/tls' : 'Opaque')
      const namespace = content.namespace ?? state.namespace
      await create<SecretObject>(
        state,
        { apiVersion: 'v1', kind: 'Secret', type, data },
        { name, namespace, ...(annotations === undefined ? {} : { annotations }) },
      )
    })
  }

  /** Changes a Certificate's spec; nothing is issued. */
  editSpec(name: string, change: Partial<CertificateSpec>, options: StepOptions = {}): this {
    return this.#onCertificate(name, options, (state, certificate) => {
      Object.assign(certificate.spec, change)
      certificate.metadata.generation = (certificate.metadata.generation ?? 1) + 1
      touch(state, certificate)
    })
  }

  editIssuerRef(name: string, issuerRef: IssuerRef, options: StepOptions = {}): this {
    return this.editSpec(name, { issuerRef }, options)
  }

  /** The next request of this Certificate is denied by a policy. */
  deny(name: string, options: StepOptions & { readonly reason?: string; readonly message?: string } = {}): this {
    const { reason = 'policy.cert-manager.io', message = 'No policy approved this request' } = options
    return this.#reissue(name, options, { fate: { kind: 'denied', reason, message } })
  }

  /** The next request of this Certificate fails. */
  failRequest(name: string, message: string, options: StepOptions = {}): this {
    return this.#reissue(name, options, { fate: { kind: 'failed', reason: 'Failed', message } })
  }

  /** The next request of this Certificate is neither approved nor denied. */
  leaveUnapproved(name: string, options: StepOptions = {}): this {
    return this.#reissue(name, options, { fate: { kind: 'unapproved' } })
  }

  /** Issuing is True from here on, for that reason, and nothing follows: no request, no next key. */
  stuckIssuing(name: string, options: StepOptions & { readonly reason?: string; readonly message?: string } = {}): this {
    return this.#onCertificate(name, options, (state, certificate) => {
      const { reason = 'ManuallyTriggered', message = 'Certificate re-issuance manually triggered' } = options
      setCertificateCondition(state, certificate, 'Issuing', { status: 'True', reason, message })
    })
  }

  /** Sets a condition of a Certificate to what a test needs. */
  condition(name: string, type: string, condition: { status: string; reason: string; message?: string }, options: StepOptions = {}): this {
    return this.#onCertificate(name, options, (state, certificate) => {
      setCertificateCondition(state, certificate, type, condition)
    })
  }

  /** Any further step on the state; for builders on top of this one. */
  step(step: Step): this {
    this.#steps.push(step)
    return this
  }

  /** The certificates that a Certificate has had, the oldest first. */
  async issued(name: string, namespace?: string): Promise<readonly IssuedCertificate[]> {
    await this.#run()
    return historyOf(this.#state, namespace ?? this.#state.namespace, name)
  }

  /** The clock after all steps. */
  async now(): Promise<Date> {
    await this.#run()
    return new Date(this.#state.clock)
  }

  /** All objects in the order of `kubectl get issuers,clusterissuers,certificates,certificaterequests,secrets -A`; copies. */
  async toObjects(): Promise<KubernetesObject[]> {
    await this.#run()
    return inKubectlOrder([...this.#state.objects.values()].map((object) => structuredClone(object)))
  }

  /** The dump as `kubectl get … -o yaml` prints it. */
  async toYaml(): Promise<string> {
    return printKubectlYaml(listOf(await this.toObjects()))
  }

  /** The dump as `kubectl get … -o json` prints it. */
  async toJson(): Promise<string> {
    return printKubectlJson(listOf(await this.toObjects()))
  }

  /** The dump as the `sources` of `analyze`. */
  async toSources(name = 'dump.yaml'): Promise<{ name: string; text: string }[]> {
    return [{ name, text: name.endsWith('.json') ? await this.toJson() : await this.toYaml() }]
  }

  #outside(name: string, spec: IssuerObject['spec'], options: OutsideIssuerOptions, style: 'chain' | 'verbatim', writesCa: boolean): this {
    return this.step(async (state) => {
      setClock(state, options.at)
      const kind = options.kind ?? 'Issuer'
      const issuer = await createIssuer(state, kind, name, spec, options)
      if (options.ready !== undefined) setReady(state, issuer, options.ready)
      const chain = options.chain ?? (await outsideChain(state, name))
      state.outside.set(objectKey(kind, issuer.metadata.namespace, name), { chain, style, writesCa })
    })
  }

  #reissue(name: string, options: StepOptions, issuance: IssuanceOptions): this {
    return this.#onCertificate(name, options, async (state, certificate) => {
      await issue(state, certificate, { ...triggerOf(state, certificate), ...issuance })
    })
  }

  #onCertificate(
    name: string,
    options: StepOptions,
    act: (state: ClusterState, certificate: CertificateObject) => Promise<void> | void,
  ): this {
    return this.step((state) => {
      setClock(state, options.at)
      const certificate = findCertificate(state, options.namespace ?? state.namespace, name)
      if (certificate === undefined) throw new Error(`no Certificate ${name}`)
      return act(state, certificate)
    })
  }

  #onSecret(name: string, options: StepOptions, act: (state: ClusterState, secret: SecretObject) => Promise<void> | void): this {
    return this.step((state) => {
      setClock(state, options.at)
      const secret = findSecret(state, options.namespace ?? state.namespace, name)
      if (secret === undefined) throw new Error(`no Secret ${name}`)
      return act(state, secret)
    })
  }

  #run(): Promise<void> {
    this.#running = this.#running.then(async () => {
      const steps = this.#steps
      this.#steps = []
      for (const step of steps) {
        await step(this.#state)
        refreshIssuers(this.#state)
        await advancePending(this.#state, () => {
          refreshIssuers(this.#state)
        })
      }
    })
    return this.#running
  }
}

/** A new, empty cluster whose clock stands at `now`. */
export function cluster(options: ClusterOptions): Cluster {
  return new Cluster(options)
}

/** Why an issuance starts: by hand where there is a Secret, else because there is none. */
function triggerOf(state: ClusterState, { metadata, spec }: CertificateObject): Pick<IssuanceOptions, 'reason' | 'message'> {
  if (findSecret(state, metadata.namespace ?? state.namespace, spec.secretName) === undefined) return {}
  return { reason: 'ManuallyTriggered', message: 'Certificate re-issuance manually triggered' }
}

function refuseAsSecondOwner(state: ClusterState, certificate: CertificateObject, owner: string): void {
  const message = `Secret was issued for "${owner}". If this message is not transient, you might have two conflicting Certificates pointing to the same secret.`
  setCertificateCondition(state, certificate, 'Ready', { status: 'False', reason: 'IncorrectCertificate', message })
  const leaf = historyOf(state, certificate.metadata.namespace ?? state.namespace, owner).at(-1)
  if (leaf !== undefined) noteDates(certificate, leaf)
}
