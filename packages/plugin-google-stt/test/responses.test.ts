import { expect, it } from 'vitest'
import { toEvents } from '../src/responses.ts'
import { createSilenceLedger } from '../src/silence-ledger.ts'

it('interim pieces of one response are one partial', () => {
  const results = [
    { alternatives: [{ transcript: ' how are' }], stability: 0.9 },
    { alternatives: [{ transcript: ' you' }], stability: 0.1 },
  ]
  expect(toEvents({ results })).toEqual([{ type: 'partial', text: 'how are you' }])
})

it('a final and the beginning of what follows come in that order', () => {
  const results = [
    {
      alternatives: [{ transcript: 'yes.' }],
      isFinal: true,
      resultEndOffset: { seconds: '2', nanos: 340_000_000 },
    },
    { alternatives: [{ transcript: 'and' }] },
  ]
  expect(toEvents({ results })).toEqual([
    { type: 'final', text: 'yes.', endMs: 2340 },
    { type: 'partial', text: 'and' },
  ])
})

it('results without words say nothing', () => {
  expect(
    toEvents({ results: [{ alternatives: [], isFinal: true }, { alternatives: [{ transcript: ' ' }] }] }),
  ).toEqual([])
  expect(toEvents({})).toEqual([])
})

it('the recogniser’s own end of listening is announced', () => {
  expect(toEvents({ speechEventType: 'END_OF_SINGLE_UTTERANCE' })).toEqual([
    { type: 'closing', reason: 'END_OF_SINGLE_UTTERANCE' },
  ])
})

it('offsets count only the audio of the core', () => {
  const ledger = createSilenceLedger()
  ledger.wrote(1000)
  ledger.injected(500)
  ledger.injected(500)
  ledger.wrote(1000)
  ledger.injected(500)
  expect([900, 1000, 1400, 2000, 2500, 3000, 3400, 9000].map((ms) => ledger.toCoreMs(ms))).toEqual([
    900, 1000, 1000, 1000, 1500, 2000, 2000, 2000,
  ])
  expect(ledger).toMatchObject({ coreMs: 2000, streamMs: 3500 })
})
