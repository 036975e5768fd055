import type { Clock } from '../../contracts/clock.ts'
import type { TonesPlayed } from '../../tools/runnable-tool.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { Floor } from '../speaking/floor.ts'
import type { Reply } from './reply.ts'
import { NO_TONES_PLAYED } from './reply-script.ts'

/** What can be done with a voice while it has the word: a model's reply, or a text of the configuration. */
export type VoiceControl = Pick<
  Reply,
  'release' | 'hold' | 'resume' | 'cancel' | 'playTones' | 'heard' | 'heardSoFar' | 'heardInPart'
>

/** Whose turn it is to be heard. One voice at a time: one that begins ends the one before it. */
export interface CurrentVoice {
  /** Lets the voice be heard. Returns what to ask once it is done: whether nothing else had taken its place. */
  begin(turn: number, control: VoiceControl): () => boolean
  control(): VoiceControl | undefined
  /** What the caller has heard by now of what is being said. */
  heardSoFar(): { readonly turn: number; readonly chars: number } | undefined
  /** Plays tones as part of what is being said; resolves when they were played, or cut. */
  playTones(frames: readonly Uint8Array[], signal: AbortSignal): Promise<TonesPlayed>
  /** The caller's voice began. */
  speechStarted(nowMs: number): void
  /** It ended; `undefined`: words came, and no voice was heard with them. */
  speechEnded(nowMs: number | undefined): void
  /** Makes the agent softer, or as loud as before. */
  duck(ducked: boolean): void
  /** Silences the agent at once, and keeps what is left to say. */
  pause(): void
  /** What was paused goes on. */
  resume(): void
  /** The caller, or an operator, took the word for good: what was heard is settled. */
  interrupt(by: 'caller' | 'operator'): void
  /** Nothing of it was heard; or it was paused, and is interrupted after all. */
  cancel(): void
  /** The call is over. If it ended in the middle of something, the record tells what was heard of it. */
  close(): void
}

interface Heard {
  readonly heard: string
  /** How soon after the caller's voice began the agent fell silent; absent where no voice did it. */
  readonly afterSpeechMs: number | undefined
}

export function createCurrentVoice(parts: {
  floor: Floor
  clock: Clock
  telemetry: CallTelemetry
}): CurrentVoice {
  const { floor, clock, telemetry } = parts
  let current: { readonly turn: number; readonly control: VoiceControl } | undefined
  let paused: Heard | undefined
  const speech = createCallerSpeech()

  function fallSilent(): Heard {
    floor.interrupt()
    return { heard: current?.control.heard() ?? '', afterSpeechMs: speech.sinceStartMs(clock.nowMs()) }
  }

  function interrupt({ heard, afterSpeechMs }: Heard): void {
    if (current) telemetry.interrupted({ turn: current.turn, afterSpeechMs }, heard)
    drop()
  }

  function drop(): void {
    current?.control.cancel()
    current = undefined
    paused = undefined
  }

  /** Nobody interrupted it: that it was not heard out has to be told. Of what is no reply its own end tells. */
  function giveUp(): void {
    const given = current
    drop()
    const heard = given && given.turn > 0 ? given.control.heardInPart() : undefined
    if (heard !== undefined) telemetry.replyDropped(given!.turn, heard)
  }

  return {
    begin(turn, control) {
      // Half a sentence of the one before must not be heard in front of this one.
      if (current && !paused) floor.interrupt()
      giveUp()
      speech.agentBegins()
      const mine = { turn, control }
      current = mine
      control.release()
      return () => {
        if (current !== mine) return false
        current = undefined
        paused = undefined
        return true
      }
    },
    control: () => current?.control,
    heardSoFar: () => current && { turn: current.turn, chars: current.control.heardSoFar().length },
    playTones: (frames, signal) =>
      new Promise((settle) => {
        if (current && !signal.aborted) current.control.playTones({ frames, signal, settle })
        else settle(NO_TONES_PLAYED)
      }),
    speechStarted: speech.started,
    speechEnded: speech.ended,
    duck: (ducked) => floor.duck(ducked),
    pause() {
      paused = fallSilent()
      const { heard, afterSpeechMs } = paused
      if (current) telemetry.paused({ turn: current.turn, afterSpeechMs }, heard)
    },
    resume() {
      paused = undefined
      if (!current) return
      telemetry.resumed(current.turn)
      current.control.resume()
    },
    interrupt(by) {
      const silent = fallSilent()
      interrupt(by === 'caller' ? silent : { ...silent, afterSpeechMs: undefined })
    },
    cancel() {
      if (paused) return interrupt(paused)
      floor.interrupt()
      giveUp()
    },
    close() {
      // The floor has ended: whoever had it was told what was heard.
      if (current) telemetry.replyEnded(current.turn, 'cut', current.control.heard())
      drop()
    },
  }
}

/** Since when the caller speaks, or spoke last while the agent has the word. */
function createCallerSpeech() {
  let startMs: number | undefined
  let speaking = false
  return {
    started(nowMs: number): void {
      startMs = nowMs
      speaking = true
    },
    ended(nowMs: number | undefined): void {
      speaking = false
      if (nowMs === undefined) startMs = undefined
    },
    agentBegins(): void {
      if (!speaking) startMs = undefined
    },
    sinceStartMs: (nowMs: number): number | undefined =>
      startMs === undefined ? undefined : nowMs - startMs,
  }
}
