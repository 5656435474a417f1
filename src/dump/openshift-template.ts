import type { Json, JsonObject } from './raw-object.ts'
import { isObject } from './raw-object.ts'

/** OpenShift's `kind: Template`, which holds objects under `objects`; `v1` is what it was before API groups. */
export const isTemplateKind = (apiVersion: string | undefined, kind: string | undefined): boolean =>
  kind === 'Template' && (apiVersion === 'v1' || apiVersion?.startsWith('template.openshift.io/') === true)

/** The objects of a Template, as they are written. */
export const templateObjects = (template: JsonObject): readonly JsonObject[] => {
  const objects = template['objects']
  return Array.isArray(objects) ? (objects as readonly Json[]).filter(isObject) : []
}

/** Does a value of it stand open until the Template is processed: `${NAME}`, `${{REPLICAS}}`? */
export const hasParameters = (value: Json): boolean => JSON.stringify(value).includes('${')
