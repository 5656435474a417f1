import type { Finds, ListFrame } from './found-object.ts'

/** Takes what is found in a text whose first line is not the first of its source. @param lines lines of the source before it */
export const findsBehind = (finds: Finds, lines: number): Finds => {
  const moved = (frame: ListFrame): ListFrame => ({ ...frame, line: frame.line + lines })
  return {
    object: (found) =>
      finds.object({
        ...found,
        line: found.line + lines,
        list: found.list && moved(found.list),
        stray: found.stray && { ...found.stray, line: found.stray.line + lines },
      }),
    listEnd: (frame, syntax, text, complete) => finds.listEnd(moved(frame), syntax, text, complete),
    text: (line, bytes) => finds.text(line + lines, bytes),
    problem: (code, line, detail) => finds.problem(code, line + lines, detail),
  }
}
