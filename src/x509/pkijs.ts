import type { Verdict } from '../base/verdict.ts'
import { unknown } from '../base/verdict.ts'
import type { SignedBytes } from './signature.ts'

export const verifyWithPkijs = (question: SignedBytes): Promise<Verdict> => Promise.resolve(unknown(['algorithm'], question.algorithm.oid))
