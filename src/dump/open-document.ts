import type { ListFrame } from './found-object.ts'
import type { SecondStart } from './second-start.ts'

/** An object of which the splitter has seen the first lines. Offsets are those of the bytes it holds now. */
export interface OpenObject {
  start: number
  readonly line: number
  readonly indent: number
  readonly keys: number[]
  /** Ranges of lines inside of the object that say nothing and are left out. */
  readonly noise: [number, number][]
  /** The first line that cannot stand in the object. */
  stray?: SecondStart
  oversize: boolean
}

/** The YAML document around it: an object itself, or a list. */
export interface OpenDocument {
  readonly line: number
  readonly keys: Set<string>
  readonly first: string
  readonly flow: boolean
  last: string
  lastIsEmpty: boolean
  frame?: ListFrame
  itemIndent: number
  /** Items are being read. */
  inItems: boolean
  head: string
}

/** The text is moved to the front by so many bytes. */
export const shiftObject = (object: OpenObject, by: number): void => {
  object.start -= by
  for (let i = 0; i < object.keys.length; i++) object.keys[i] = (object.keys[i] as number) - by
  if (object.stray) object.stray = { ...object.stray, at: object.stray.at - by }
  for (const range of object.noise) {
    range[0] -= by
    range[1] -= by
  }
}
