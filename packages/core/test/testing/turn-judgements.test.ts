import { describe, expect, it } from 'vitest'
import type { SttEvent } from '../../src/index.ts'
import { expectTurnJudgements } from '../../src/testing/contracts/turn-judgements.ts'

const partial: SttEvent = { type: 'partial', text: 'two tickets' }
const final: SttEvent = { type: 'final', text: 'two tickets' }
const sure: SttEvent = { type: 'turn-ended' }
const maybe: SttEvent = { type: 'turn-ended', probability: 0.6 }
const resumed: SttEvent = { type: 'turn-resumed' }

describe('what a recogniser judges of turns', () => {
  it.each<[string, readonly SttEvent[]]>([
    ['an end that is sure', [partial, final, sure]],
    ['one that was taken back, and one that was not', [partial, maybe, resumed, partial, final, sure]],
    ['one that was likely, and then sure', [partial, maybe, final, sure, partial, final, sure]],
    ['nothing', [partial, final]],
  ])('may be %s', (_what, events) => {
    expect(() => expectTurnJudgements(events)).not.toThrow()
  })

  it.each<[string, readonly SttEvent[], RegExp]>([
    ['more than certain', [partial, { type: 'turn-ended', probability: 80 }], /from 0 to 1.*80/],
    ['of no words', [sure], /behind the words/],
    ['sure twice of the same words', [partial, final, sure, sure], /behind the words/],
    ['sure before the final', [partial, sure], /behind its final/],
    ['taken back without an end', [partial, resumed], /turn-resumed behind/],
    ['taken back after it was sure', [partial, final, sure, resumed], /turn-resumed behind/],
    ['taken back twice', [partial, maybe, resumed, resumed], /turn-resumed behind/],
  ])('is not %s', (_what, events, message) => {
    expect(() => expectTurnJudgements(events)).toThrow(message)
  })
})
