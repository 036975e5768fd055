import type { SttEvent } from '../../contracts/index.ts'
import { expect } from './contract-case.ts'

/** What a recogniser of one whole session judges of turns: told of words, as sure as it says, and taken back in order. */
export function expectTurnJudgements(events: readonly SttEvent[]): void {
  let heard = false
  let open = false
  let revocable = false
  for (const event of events) {
    if (event.type === 'partial' || event.type === 'final') {
      heard ||= event.text !== ''
      open = event.type === 'partial' && event.text !== ''
    } else if (event.type === 'turn-ended') {
      const { probability = 1 } = event
      expect(probability >= 0 && probability <= 1, 'a probability from 0 to 1', `it is ${probability}`)
      expect(heard, 'turn-ended behind the words it is about', 'none had come')
      expect(probability < 1 || !open, 'a sure turn-ended behind its final', 'a partial was open')
      revocable = probability < 1
      heard &&= revocable
    } else if (event.type === 'turn-resumed') {
      expect(revocable, 'turn-resumed behind a turn-ended that was not sure', 'there was none')
      revocable = false
    }
  }
}
