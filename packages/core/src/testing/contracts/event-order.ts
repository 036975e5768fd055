import type { SttEvent } from '../../contracts/index.ts'
import { expect } from './contract-case.ts'

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

/** Events of one whole session: known, within the audio, finals in its order, no words left in a partial. */
export function expectOrder(events: readonly SttEvent[], writtenMs: number): void {
  let lastMs = 0
  let open = false
  let speaking = false
  for (const event of events) {
    expect(EVENT_TYPES.has(event.type), 'events of known types', `one is ${JSON.stringify(event)}`)
    const atMs = event.type === 'final' ? event.endMs : 'atMs' in event ? event.atMs : undefined
    if (atMs !== undefined) {
      const fits = Number.isFinite(atMs) && atMs >= 0 && atMs <= writtenMs + 1000
      expect(fits, `offsets within the ${writtenMs} ms written`, `one is ${JSON.stringify(event)}`)
    }
    if (event.type === 'speech-stopped')
      expect(speaking, 'speech-stopped only after speech-started', 'it came first')
    if (event.type === 'speech-started') speaking = true
    if (event.type === 'speech-stopped') speaking = false
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
}
