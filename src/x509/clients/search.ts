import type { ClientHabits } from './habits.ts'
import type { PathQuestion, SearchResult } from './path-question.ts'
import { depthFirst } from './search-depth-first.ts'
import { firstFit } from './search-first-fit.ts'
import { sentOrder } from './search-sent-order.ts'

const strategies = { 'depth-first': depthFirst, 'first-fit': firstFit, 'sent-order': sentOrder }

/** Looks for a path that the client accepts. */
export const searchPath = (question: PathQuestion, habits: ClientHabits): SearchResult =>
  strategies[habits.search.strategy](question, habits)
