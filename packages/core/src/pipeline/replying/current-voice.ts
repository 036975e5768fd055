import type { Clock } from '../../contracts/clock.ts'
import { type CutBy, cutBy } from '../../kit/cut.ts'
import type { TonesPlayed } from '../../tools/runnable-tool.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { Floor } from '../speaking/floor.ts'
import type { Reply } from './reply.ts'
import { noTonesPlayed } from './reply-script.ts'

/** What can be done with a voice while it has the word: a model's reply, or a text of the configuration. */
export type VoiceControl = Pick<
  Reply,
  'release' | 'hold' | 'resume' | 'cancel' | 'playTones' | 'heard' | 'heardSoFar' | 'heardInPart'
>

/** Who may take the word from the agent. */
export type Interrupter = Extract<CutBy, 'caller' | 'operator'>

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
  interrupt(by: Interrupter): void
  /** Nothing of it was heard; or it was paused, and is interrupted after all. */
  cancel(by: Interrupter): void
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
  return new Current(parts)
}

class Current implements CurrentVoice {
  readonly #parts: { readonly floor: Floor; readonly clock: Clock; readonly telemetry: CallTelemetry }
  readonly #speech = new CallerSpeech()
  #current: { readonly turn: number; readonly control: VoiceControl } | undefined
  #paused: Heard | undefined

  constructor(parts: { floor: Floor; clock: Clock; telemetry: CallTelemetry }) {
    this.#parts = parts
  }

  begin(turn: number, control: VoiceControl): () => boolean {
    // Half a sentence of the one before must not be heard in front of this one.
    if (this.#current && !this.#paused) this.#parts.floor.interrupt('other')
    this.#giveUp('other')
    this.#speech.agentBegins()
    const mine = { turn, control }
    this.#current = mine
    control.release()
    return () => {
      if (this.#current !== mine) return false
      this.#current = undefined
      this.#paused = undefined
      return true
    }
  }

  control(): VoiceControl | undefined {
    return this.#current?.control
  }

  heardSoFar(): { readonly turn: number; readonly chars: number } | undefined {
    const current = this.#current
    return current && { turn: current.turn, chars: current.control.heardSoFar().length }
  }

  playTones(frames: readonly Uint8Array[], signal: AbortSignal): Promise<TonesPlayed> {
    return new Promise((settle) => {
      if (this.#current && !signal.aborted) this.#current.control.playTones({ frames, signal, settle })
      else settle(noTonesPlayed(cutBy(signal)))
    })
  }

  speechStarted(nowMs: number): void {
    this.#speech.started(nowMs)
  }

  speechEnded(nowMs: number | undefined): void {
    this.#speech.ended(nowMs)
  }

  duck(ducked: boolean): void {
    this.#parts.floor.duck(ducked)
  }

  pause(): void {
    const silent = this.#fallSilent('caller')
    this.#paused = silent
    const { heard, afterSpeechMs } = silent
    if (this.#current) this.#parts.telemetry.paused({ turn: this.#current.turn, afterSpeechMs }, heard)
  }

  resume(): void {
    this.#paused = undefined
    if (!this.#current) return
    this.#parts.telemetry.resumed(this.#current.turn)
    this.#current.control.resume()
  }

  interrupt(by: Interrupter): void {
    const silent = this.#fallSilent(by)
    this.#interrupted(by, by === 'caller' ? silent : { ...silent, afterSpeechMs: undefined })
  }

  cancel(by: Interrupter): void {
    if (this.#paused) return this.#interrupted(by, this.#paused)
    this.#parts.floor.interrupt(by)
    this.#giveUp(by)
  }

  close(): void {
    const current = this.#current
    // The floor has ended: whoever had it was told what was heard.
    if (current) this.#parts.telemetry.replyEnded(current.turn, 'cut', current.control.heard())
    this.#drop('end')
  }

  #fallSilent(by: Interrupter): Heard {
    const { floor, clock } = this.#parts
    floor.interrupt(by)
    return {
      heard: this.#current?.control.heard() ?? '',
      afterSpeechMs: this.#speech.sinceStartMs(clock.nowMs()),
    }
  }

  #interrupted(by: Interrupter, { heard, afterSpeechMs }: Heard): void {
    if (this.#current)
      this.#parts.telemetry.interrupted({ turn: this.#current.turn, by, afterSpeechMs }, heard)
    this.#drop(by)
  }

  #drop(by: CutBy): void {
    this.#current?.control.cancel(by)
    this.#current = undefined
    this.#paused = undefined
  }

  /** Nobody interrupted it: that it was not heard out has to be told. Of what is no reply its own end tells. */
  #giveUp(by: CutBy): void {
    const given = this.#current
    this.#drop(by)
    const heard = given && given.turn > 0 ? given.control.heardInPart() : undefined
    if (heard !== undefined) this.#parts.telemetry.replyDropped(given!.turn, heard)
  }
}

/** Since when the caller speaks, or spoke last while the agent has the word. */
class CallerSpeech {
  #startMs: number | undefined
  #speaking = false

  started(nowMs: number): void {
    this.#startMs = nowMs
    this.#speaking = true
  }

  ended(nowMs: number | undefined): void {
    this.#speaking = false
    if (nowMs === undefined) this.#startMs = undefined
  }

  agentBegins(): void {
    if (!this.#speaking) this.#startMs = undefined
  }

  sinceStartMs(nowMs: number): number | undefined {
    return this.#startMs === undefined ? undefined : nowMs - this.#startMs
  }
}
