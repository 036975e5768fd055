import type { LlmUsage } from '../../../contracts/index.ts'
import { expect } from './contract-case.ts'

const isCount = (value: number) => Number.isInteger(value) && value >= 0

/** Whole numbers of tokens, the cached ones among those that went in. */
export function expectUsage(usage: LlmUsage): void {
  const { inputTokens, outputTokens, cachedInputTokens = 0 } = usage
  const shown = [inputTokens, outputTokens, cachedInputTokens].map(String).join(', ')
  const areCounts = [inputTokens, outputTokens, cachedInputTokens].every(isCount)
  expect(areCounts, 'token counts in whole numbers', `one is ${shown}`)
  const isWithin = cachedInputTokens <= inputTokens
  expect(isWithin, 'cached tokens among those that went in', `there is ${JSON.stringify(usage)}`)
}

/** What a double charges. */
export type BilledTokens = Pick<LlmUsage, 'inputTokens' | 'outputTokens'>

/** A provider that tells nothing of its bill leaves it to others to count. */
export function expectBilled(told: readonly LlmUsage[], billed: BilledTokens): void {
  if (told.length === 0) return
  for (const what of ['inputTokens', 'outputTokens'] as const) {
    const sum = told.reduce((total, usage) => total + usage[what], 0)
    expect(sum === billed[what], `usage to add up to ${billed[what]} ${what}`, `it adds up to ${sum}`)
  }
}
