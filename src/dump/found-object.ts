/** A list as its source shows it: the frame around items, read after its end. Bare arrays have no frame. */
export interface ListFrame {
  /** Counts the lists of one source. */
  readonly number: number
  /** First line. */
  readonly line: number
  readonly bare: boolean
  /** What stands before the items; may tell kind and apiVersion already. */
  readonly head: string
}

/** The text of one object, as a splitter cut it out of its source. `bytes` are valid until the call that gives it returns. */
export interface FoundObject {
  readonly syntax: 'yaml' | 'json'
  readonly bytes: Uint8Array
  /** First line in the source, from 1. */
  readonly line: number
  /** Lines that the object's text spans. */
  readonly lines: number
  /** Column of the object's keys: 0 for a document, 2 for an item of a list as kubectl prints it. */
  readonly indent: number
  /** Offsets in `bytes` of the lines (YAML) or strings (JSON) that are keys of the object itself. */
  readonly keys: readonly number[]
  /** The list it is an item of. */
  readonly list?: ListFrame | undefined
  /** First line inside of the text that belongs to no object (a log line, a conflict marker, prose), and its offset in `bytes`. */
  readonly stray?: { readonly line: number; readonly at: number } | undefined
  /**
   * `cut`: the source ended, or another document began, where this object or its list was not closed.
   * `unterminated`: only the line end behind its last line is missing; it may be whole.
   */
  readonly cut?: 'cut' | 'unterminated' | undefined
}

/** An item of which only the first line was looked at. */
export interface OpenItem {
  /** All that the splitter has; valid until the call that gives it returns. */
  readonly bytes: Uint8Array
  /** Offset and column of its first key. */
  readonly object: { readonly start: number; readonly line: number; readonly indent: number }
  /** Column of its dash. */
  readonly dashes: number
  readonly list: ListFrame
}

/** Where splitters put what they find; called in the order of the source. */
export interface Finds {
  readonly object: (found: FoundObject) => void
  /**
   * Takes an item of a YAML list before its end was searched. @returns where the next item's line begins, and how many lines the item
   * has; undefined where it does not take it: then the item comes as an object.
   */
  readonly item?: (item: OpenItem) => { readonly end: number; readonly lines: number } | undefined
  /** The frame's own text with its items left out. `complete` is false when the end of the list is not there. */
  readonly listEnd: (frame: ListFrame, syntax: 'yaml' | 'json', text: string, complete: boolean) => void
  /** Text between objects: tables, prompts, logs, PEM. */
  readonly text: (line: number, bytes: Uint8Array) => void
  readonly problem: (code: string, line: number, detail?: string) => void
}
