export type { AbortSignalLike } from './base/abort-signal-like.ts'
export type { Place } from './base/place.ts'
export type { Ref } from './base/ref.ts'
export type { Limits } from './base/limits.ts'
export { defaultLimits } from './base/limits.ts'
export { readDump as parseDump } from './dump/read-dump.ts'
export type { Dump } from './dump/dump.ts'
export type { DumpProblem, Json, JsonObject, RawObject } from './dump/raw-object.ts'
export type { Source, Sources } from './base/source.ts'
export { analyze, analyzeLazily, toReport } from './report/analyze.ts'
export type { AnalyzeOptions, CertManagerOptions } from './report/analyze.ts'
export type {
  CertificateNode,
  ClientVerdicts,
  ControllerEntry,
  Counts,
  Diagnostic,
  LazyReport,
  Message,
  NotEvaluableEntry,
  Report,
  ReportLink,
  ResourceNode,
  Severity,
  TreeNode,
} from './report/report.ts'
export { ancestorsOf, everythingBelow, signedBelow, signersOf } from './report/queries.ts'
export { selectFindings } from './report/select-findings.ts'
export type { Selection } from './report/select-findings.ts'
export { version } from './report/version.ts'
export { renderJson, renderJsonPieces } from './render/json.ts'
export type { JsonOptions } from './render/json.ts'
export { rulePage } from './render/rule-page.ts'
export type { RulePage } from './render/rule-page.ts'
export { renderText } from './render/text.ts'
export type { TextOptions } from './render/text.ts'
export { rules } from './rules/index.ts'
export type { Citation, Evidence, Finding, NotEvaluable, Outcome, Remedy, Rule, RuleContext, RuleGroup } from './rules/rule.ts'
export type { X509Certificate } from './x509/certificate.ts'
export { clients } from './x509/clients/client.ts'
export type { Client, ClientPeer, ClientPurpose, ClientVerdict } from './x509/clients/client.ts'
export { predictClients } from './x509/clients/predict-clients.ts'
export type { ClientQuestion } from './x509/clients/predict-clients.ts'
export type { PathCertificate, PathFinding, PathPurpose, PathStep, PathVerdict } from './x509/path.ts'
export { validatePath } from './x509/validate-path.ts'
export type { ValidatePathOptions } from './x509/validate-path.ts'
