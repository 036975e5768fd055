import { asProviderError } from '../../contracts/errors.ts'
import type { FloorGrant } from '../speaking/floor-grant.ts'
import type { ClauseSpeakerParts, ClauseTurn } from './clause-speaker.ts'
import type { Filler } from './filler-watch.ts'
import { loopSound, type LoopedSound } from './looped-sound.ts'
import type { SpeakingRight } from './speaking-right.ts'
import { speakClause } from './speech.ts'
import { createUtterance } from './utterance.ts'

/** What is heard of one reply before its answer is there. */
export interface FillerSpeaker {
  /** Says the filler, and leaves its sound playing behind it. Resolves when the text is queued. */
  fill(filler: Filler, signal: AbortSignal, onFirstFrame: () => void): Promise<void>
  /** The grant for anything else, once nothing of the filler will be written any more. */
  granted(signal: AbortSignal): Promise<FloorGrant | undefined>
  /** A filler could be heard, or can be. */
  filled(): boolean
  /** Resolves when nothing of it is written any more. */
  end(): Promise<void>
}

/** `awaited`: the answer is not there yet. */
export function createFillerSpeaker(
  turn: number,
  parts: ClauseSpeakerParts,
  right: Pick<SpeakingRight, 'granted'>,
  awaited: () => boolean,
): FillerSpeaker {
  let filled = false
  let sound: LoopedSound | undefined

  return {
    async fill(filler, signal, onFirstFrame) {
      const onBegun = (): void => {
        filled = true
        filler.onBegun()
      }
      if (filler.text !== '')
        await speakFiller({ ...filler, onBegun }, parts, {
          turn,
          signal,
          granted: (given) => right.granted(given),
          onFirstFrame,
        })
      // An answer that is there already is not kept waiting by a sound.
      if (signal.aborted || filler.signal.aborted || !filler.sound || !awaited()) return
      sound = loopSound(filler.sound, parts.format, {
        granted: () => right.granted(signal),
        onBegun: filler.text === '' ? onBegun : () => undefined,
        onFirstFrame,
      })
    },
    async granted(signal) {
      await sound?.stop()
      return right.granted(signal)
    },
    filled: () => filled,
    async end() {
      await sound?.stop()
    },
  }
}

/**
 * Says a filler, unless the answer comes before it has begun. It has an utterance of its own, which nobody remembers:
 * the model is not told of it, and after an interruption nothing of it is left to say. One that no voice can speak is
 * left out. Resolves when it is queued.
 */
async function speakFiller(
  filler: Filler,
  parts: ClauseSpeakerParts,
  how: Pick<ClauseTurn, 'turn' | 'signal' | 'granted' | 'onFirstFrame'>,
): Promise<void> {
  const text = filler.text
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  const ends = [how.signal, filler.signal]
  if (ends.some((signal) => signal.aborted)) return
  for (const signal of ends) signal.addEventListener('abort', stop, { once: true })
  const granted: ClauseTurn['granted'] = async (signal, clause) => {
    const grant = await how.granted(signal, clause)
    if (!grant) return undefined
    filler.onBegun()
    parts.telemetry.agentSaid(how.turn, text)
    return grant
  }
  const { onFirstFrame } = how
  try {
    await speakClause(text, parts, {
      utterance: createUtterance(),
      turn: how.turn,
      signal: abort.signal,
      fixed: true,
      granted,
      onFirstFrame,
    })
  } catch (thrown) {
    if (!abort.signal.aborted) parts.telemetry.ttsFailed(how.turn, asProviderError(thrown, 'tts'))
  } finally {
    for (const signal of ends) signal.removeEventListener('abort', stop)
  }
}
