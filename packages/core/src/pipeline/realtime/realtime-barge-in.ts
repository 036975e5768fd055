import type { Clock } from '../../contracts/clock.ts'
import { backchannelsFor } from '../../language/backchannels.ts'
import type { CallSettings } from '../call-settings.ts'
import { meaningfulWords } from '../turns/turn-text.ts'

/** Who says that the caller is speaking: the pipeline's own detector, or the model's. */
export type SpeechSource = 'voice' | 'model'

/**
 * Decides when the caller's speech is enough to stop the agent.
 *
 * | mode   | the agent is stopped                                                                         |
 * |--------|----------------------------------------------------------------------------------------------|
 * | speech | `min_speech_ms` after speech began, by whichever source said so first, while it goes on       |
 * | words  | when the transcript holds `min_words` that are no backchannels                               |
 * | off    | never                                                                                        |
 */
export interface RealtimeBargeIn {
  /** `sinceMs`: when the speech began, on the clock. */
  started(source: SpeechSource, sinceMs: number): void
  stopped(source: SpeechSource): void
  /** The whole text of the caller's turn so far. */
  words(text: string): void
  /** The caller is speaking, says one of the sources. */
  readonly speaking: boolean
  /** When the speech began that goes on, or was the last. */
  readonly sinceMs: number
  close(): void
}

export function createRealtimeBargeIn(parts: {
  settings: CallSettings['conversation']
  clock: Clock
  /** Enough: asked again for every new speech, whether the agent is speaking or not. */
  onEnough: () => void
}): RealtimeBargeIn {
  const { settings, clock, onEnough } = parts
  const { mode, minSpeechMs, minWords } = settings.bargeIn
  const backchannels = settings.bargeIn.backchannels ?? backchannelsFor(settings.language)
  const speaking = new Set<SpeechSource>()
  let sinceMs = clock.nowMs()
  let cancelTimer = (): void => undefined

  return {
    started(source, startedMs) {
      const goesOn = speaking.size > 0
      speaking.add(source)
      if (goesOn) return
      sinceMs = startedMs
      if (mode !== 'speech') return
      const restMs = minSpeechMs - (clock.nowMs() - startedMs)
      if (restMs > 0) cancelTimer = clock.after(restMs, onEnough)
      else onEnough()
    },
    stopped(source) {
      speaking.delete(source)
      if (speaking.size === 0) cancelTimer()
    },
    words(text) {
      if (mode === 'words' && meaningfulWords(text, backchannels) >= minWords) onEnough()
    },
    get speaking() {
      return speaking.size > 0
    },
    get sinceMs() {
      return sinceMs
    },
    close: () => cancelTimer(),
  }
}
