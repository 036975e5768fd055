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

it.each([
  ['none', []],
  ['one without an end', [{ word: 'yes', startOffset: { seconds: '1' } }]],
  ['one that is no word', [{ word: 7, endOffset: { seconds: '1' } }]],
  [
    'one that ends before it begins',
    [{ word: 'yes', startOffset: { seconds: '2' }, endOffset: { seconds: '1' } }],
  ],
  ['no list', 'yes'],
])('a list of words with %s is none', (_what, words) => {
  const good = { word: 'yes', endOffset: { seconds: '1' } }
  const heard = (list: unknown) =>
    toEvents({ results: [{ isFinal: true, alternatives: [{ transcript: 'yes', words: list }] }] })
  const list = Array.isArray(words) && words.length > 0 ? [good, ...words] : words
  expect(heard(list)).toEqual([{ type: 'final', text: 'yes' }])
  expect(heard([good])).toEqual([
    { type: 'final', text: 'yes', words: [{ word: 'yes', startMs: 0, endMs: 1000 }] },
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
