import { sttEventFault } from '../../../contracts/field-faults.ts'
import type { SttEvent, SttWord } from '../../../contracts/index.ts'
import { expect } from '../common/contract-case.ts'

const EVENT_TYPES: ReadonlySet<string> = new Set<SttEvent['type']>([
  'speech-started',
  'speech-stopped',
  'partial',
  'final',
  'turn-ended',
  'turn-resumed',
  'usage',
  'closing',
])

/** Events may tell of a moment that the writer has not reached yet, by so much. */
const SLACK_MS = 300

/** Events of one whole session: known, within the audio, finals in its order, no words left in a partial. */
export function expectOrder(events: readonly SttEvent[], writtenMs: number): void {
  let lastMs = 0
  let open = false
  let speaking = false
  let billedMs = 0
  const turns = createTurnOrder()
  for (const event of events) {
    const fault = sttEventFault(event)
    expect(fault === undefined, 'events whose fields are of their types', `there is ${fault}`)
    expect(EVENT_TYPES.has(event.type), 'events of known types', `one is ${JSON.stringify(event)}`)
    expectWithin(event, writtenMs)
    turns.next(event, open)
    if (event.type === 'speech-stopped')
      expect(speaking, 'speech-stopped only after speech-started', 'it came first')
    if (event.type === 'speech-started') speaking = true
    if (event.type === 'speech-stopped') speaking = false
    expect(
      event.type !== 'closing',
      'closing only of a session that is about to end',
      'it came in one of a few seconds',
    )
    if (event.type === 'usage') billedMs += event.audioMs
    if (event.type === 'partial') open = event.text !== ''
    if (event.type !== 'final') continue
    open = false
    expect(
      event.endMs === undefined || event.endMs >= lastMs,
      `finals in the order of their audio`,
      `one ends at ${event.endMs} ms after one that ends at ${lastMs} ms`,
    )
    lastMs = event.endMs ?? lastMs
  }
  expect(!open, 'a final after the last partial', 'the events ended with a partial')
  const isOnce = billedMs <= writtenMs + SLACK_MS
  expect(isOnce, `usage of the ${writtenMs} ms written`, `it comes to ${billedMs} ms`)
}

/** Offsets, shares, words and alternatives of one event. */
function expectWithin(event: SttEvent, writtenMs: number): void {
  const told = `one is ${JSON.stringify(event)}`
  const atMs = event.type === 'final' ? event.endMs : 'atMs' in event ? event.atMs : undefined
  if (atMs !== undefined) {
    const fits = Number.isFinite(atMs) && atMs >= 0 && atMs <= writtenMs + SLACK_MS
    expect(fits, `offsets within the ${writtenMs} ms written`, told)
  }
  if (event.type === 'usage')
    expect(typeof event.audioMs === 'number' && event.audioMs > 0, 'usage of some audio', told)
  const shares = [
    'confidence' in event ? event.confidence : undefined,
    'stability' in event ? event.stability : undefined,
    'probability' in event ? event.probability : undefined,
  ]
  const areShares = shares.every((share) => share === undefined || (share >= 0 && share <= 1))
  expect(areShares, 'confidence, stability and probability from 0 to 1', told)
  if ('words' in event && event.words !== undefined) expectWords(event.text, event.words, writtenMs)
  if (event.type !== 'final') return
  const isOther = !(event.alternatives ?? []).includes(event.text)
  expect(isOther, 'alternatives that are others than the text', told)
}

function expectWords(text: string, words: readonly SttWord[], writtenMs: number): void {
  const lettersOf = (said: string) => said.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const said = words.map(({ word }) => word).join(' ')
  expect(
    lettersOf(said) === lettersOf(text),
    `all words of ${JSON.stringify(text)}`,
    `they are ${JSON.stringify(said)}`,
  )
  let lastMs = 0
  for (const { word, startMs, endMs, confidence = 1 } of words) {
    const fits = startMs >= lastMs && endMs >= startMs && endMs <= writtenMs + SLACK_MS
    expect(
      fits,
      'words in order, within the audio',
      `"${word}" is from ${startMs} to ${endMs} after ${lastMs}`,
    )
    expect(confidence >= 0 && confidence <= 1, 'confidence from 0 to 1', `that of "${word}" is ${confidence}`)
    lastMs = startMs
  }
}

/** Ends of turns stand behind their words; only one that was not sure is taken back. */
function createTurnOrder() {
  let ended: number | undefined
  let hasWords = false
  return {
    next(event: SttEvent, isOpen: boolean): void {
      if (event.type === 'turn-ended') {
        const isSure = (event.probability ?? 1) === 1
        expect(hasWords, 'turn-ended behind the words that it is about', 'it came before any')
        expect(!isSure || !isOpen, 'a turn-ended that is sure behind the final', 'it came behind a partial')
        ended = event.probability ?? 1
      } else if (event.type === 'turn-resumed') {
        expect(ended !== undefined, 'turn-resumed only after turn-ended', 'it came without one')
        expect(ended !== 1, 'turn-resumed only after one that was not sure', 'it took back a sure one')
        ended = undefined
      } else if (event.type === 'partial' || event.type === 'final') {
        hasWords ||= event.text !== ''
      }
    },
  }
}
