import { shownLength } from './measure.ts'
import type { Paint } from './paint.ts'

/** A line of the tree before its columns are set: what stands at the left, the columns, what follows them. */
export interface TreeRow {
  readonly head: string
  /** READY, SECRET, AGE, NOT AFTER, RENEWS; empty for a line without columns. */
  readonly cells: readonly string[]
  readonly tail: string
  /** The object's own name, where SECRET may be left out of a narrow terminal because it is the same. */
  readonly name?: string
}

const TITLES = ['READY', 'SECRET', 'AGE', 'NOT AFTER', 'RENEWS'] as const
const SECRET = 1

/** A name beyond this many columns pushes its own line to the right, and no other. */
const WIDEST = [64, 7, 48, 10, 16, 16] as const

/** Several faults of one object may go on behind the right edge. */
const LONG_TAIL = 24

const columnWidths = (rows: readonly TreeRow[]): readonly number[] =>
  WIDEST.map((widest, column) =>
    rows.reduce(
      (width, { head, cells }) => {
        const length = shownLength(column === 0 ? head : (cells[column - 1] ?? ''))
        return cells.length > 0 && length > width && length <= widest ? length : width
      },
      column === 0 ? 0 : (TITLES[column - 1]?.length ?? 0),
    ),
  )

/** In a narrow terminal the column SECRET goes; a Secret of another name than its object stands behind the columns. */
const withoutSecrets = (rows: readonly TreeRow[]): readonly TreeRow[] =>
  rows.map(({ head, cells, tail, name }) => {
    const secret = cells[SECRET] ?? ''
    const kept = cells.filter((_cell, column) => column !== SECRET)
    return { head, cells: kept, tail: secret === '' || secret === name ? tail : `Secret ${secret}${tail === '' ? '' : `  ${tail}`}` }
  })

const setRows = (rows: readonly TreeRow[], titles: readonly string[], widths: readonly number[], paint: Paint): readonly string[] => {
  const set = (head: string, cells: readonly string[], tail: string): string =>
    [head, ...cells, tail]
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - shownLength(cell))))
      .join('  ')
      .trimEnd()
  return [
    paint.dim(set('', titles, '')),
    ...rows.map(({ head, cells, tail }) => (cells.length === 0 ? `${head}${tail === '' ? '' : `  ${tail}`}` : set(head, cells, tail))),
  ]
}

/** Sets rows into columns, with their titles above; `width` are the columns of a terminal, undefined where lines may be long. */
export const setTreeRows = (rows: readonly TreeRow[], width: number | undefined, paint: Paint): readonly string[] => {
  if (!rows.some((row) => row.cells.length > 0)) return rows.map(({ head, tail }) => `${head}${tail === '' ? '' : `  ${tail}`}`)
  const widths = columnWidths(rows)
  const tail = rows.reduce((most, row) => Math.max(most, Math.min(LONG_TAIL, shownLength(row.tail))), 0)
  const whole = widths.reduce((sum, column) => sum + column + 2, tail)
  if (width === undefined || whole <= width) return setRows(rows, TITLES, widths, paint)
  return setRows(
    withoutSecrets(rows),
    TITLES.filter((_title, column) => column !== SECRET),
    widths.filter((_width, column) => column !== SECRET + 1),
    paint,
  )
}
