/** Where collectors write issuers, each namespace's all of them (facts of bundles 1.1 to 1.6). Each looks at one path alone. */
const PLACES: readonly RegExp[] = [
  // API Connect's postmortem
  /(^|\/)namespaces\/[^/]+\/issuers\/yaml\/[^/]+\.yaml$/,
  // oc adm inspect, must-gather
  /(^|\/)(namespaces\/[^/]+|cluster-scoped-resources)\/(cert-manager\.io|certmanager\.k8s\.io)\/(cluster)?issuers(\/[^/]+)?\.yaml$/,
  // Troubleshoot
  /(^|\/)custom-resources\/(cluster)?issuers\.(cert-manager\.io|certmanager\.k8s\.io)(\/[^/]+)?\.(json|yaml)$/,
  // Velero
  /(^|\/)resources\/(cluster)?issuers\.(cert-manager\.io|certmanager\.k8s\.io)\/([^/]+-preferredversion\/)?(namespaces\/[^/]+|cluster)\/[^/]+\.json$/,
  // support-bundle-kit
  /(^|\/)yamls\/(namespaced\/[^/]+|cluster)\/(cert-manager\.io|certmanager\.k8s\.io)\/[^/]+\/(cluster)?issuers\.yaml$/,
]

/**
 * Is this a file in which a collector writes issuers? It writes every issuer of a namespace then, one by one or as an array. In files that
 * somebody put in an order of his own, an issuer may simply not stand beside the others.
 */
export const isCollectorsIssuers = (sourceName: string): boolean => PLACES.some((place) => place.test(sourceName))
