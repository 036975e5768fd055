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
  /** The caller is speaking, says one of the sources; believed for `NOISE_AFTER_MS` without words. */
  speaking(): boolean
  /** When the speech began that goes on, or was the last; absent before the first. */
  sinceMs(): number | undefined
  close(): void
}

/**
 * Speech that goes on this long without words is a television. Long, because most models write down what was said
 * only when it is over.
 */
export const NOISE_AFTER_MS = 30_000

export function createRealtimeBargeIn(parts: {
  settings: CallSettings['conversation']
  clock: Clock
  /** Enough: asked again for every new speech, whether the agent is speaking or not. */
  onEnough: () => void
  /** What goes on is not believed any longer. */
  onNoise: () => void
}): RealtimeBargeIn {
  const { settings, clock, onEnough } = parts
  const { mode, minSpeechMs, minWords } = settings.bargeIn
  const backchannels = settings.bargeIn.backchannels ?? backchannelsFor(settings.language)
  const speaking = new Set<SpeechSource>()
  let sinceMs: number | undefined
  let cancelTimer = (): void => undefined
  let cancelNoise = (): void => undefined
  let noise = false

  function believe(): void {
    cancelNoise()
    noise = false
    if (speaking.size === 0) return
    cancelNoise = clock.after(NOISE_AFTER_MS, () => {
      noise = true
      parts.onNoise()
    })
  }

  return {
    started(source, startedMs) {
      const goesOn = speaking.size > 0
      speaking.add(source)
      if (goesOn) return
      sinceMs = startedMs
      believe()
      if (mode !== 'speech') return
      const restMs = minSpeechMs - (clock.nowMs() - startedMs)
      if (restMs > 0) cancelTimer = clock.after(restMs, onEnough)
      else onEnough()
    },
    stopped(source) {
      speaking.delete(source)
      if (speaking.size > 0) return
      cancelTimer()
      believe()
    },
    words(text) {
      if (text !== '') believe()
      if (mode === 'words' && meaningfulWords(text, backchannels) >= minWords) onEnough()
    },
    speaking() {
      return speaking.size > 0 && !noise
    },
    sinceMs() {
      return sinceMs
    },
    close() {
      cancelTimer()
      cancelNoise()
    },
  }
}
