/** Characters that a terminal shows, escapes left out. */
export const shownLength = (text: string): number => {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) === 0x1b) while (i < text.length && text[i] !== 'm') i++
    else length++
  }
  return length
}

/** Breaks a sentence at its spaces so that `indent` and line fit into `width` columns; a longer word stands alone and whole. */
export const wrap = (text: string, indent: string, width: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + shownLength(line) + 1 + shownLength(word) > width) {
      lines.push(indent + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  if (line !== '') lines.push(indent + line)
  return lines
}

/** `1 Certificate`, `2 Certificates`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
