/** An Issuer or ClusterIssuer that signs with a Secret, Ready, as kubectl exports it. */
export const readyCaIssuer = (name: string, kind: 'Issuer' | 'ClusterIssuer' = 'Issuer', secretName = name) => ({
  apiVersion: 'cert-manager.io/v1',
  kind,
  metadata: { name, ...(kind === 'Issuer' && { namespace: 'n' }) },
  spec: { ca: { secretName } },
  status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KeyPairVerified' }] },
})
