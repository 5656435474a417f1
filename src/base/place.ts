/** Where something stands in the input. `line` counts from 1; `path` is a JSON pointer inside the object (`/data/tls.crt`). */
export interface Place {
  readonly source: string
  readonly line: number
  readonly path?: string
}
