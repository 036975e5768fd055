import { FRAME_MS, frameBytes } from '../../contracts/audio.ts'
import type { TransportCall } from '../../contracts/transport.ts'
import { catchPromised } from '../../kit/promised-nothing.ts'
import { toUs, US_PER_MS } from '../../kit/whole-us.ts'
import type { CallTap } from '../call-tap.ts'
import type { CallSettings } from '../call-settings.ts'
import type { Alarm, Sleeper } from '../frame-clock.ts'
import type { AgentVoice } from './agent-voice.ts'
import type { BackgroundMix } from './background.ts'
import type { Ducking } from './ducking.ts'
import type { FrameReader } from './frame-queue.ts'
import { MarkWatch, type MarkNews } from './mark-watch.ts'
import type { OpenMark, TxControl } from './tx-control.ts'
import type { Muting } from './muting.ts'
import type { PlayoutClock } from './playout-clock.ts'

/**
 * tx-queue -> wire. THE ONLY WIRE WRITER: nobody else holds the tx reader, and nobody else calls the call's
 * `send`, `mark` and `clear`.
 *
 * One rule paces it: send while the queue has frames and the far end holds less than `LEAD_MS`. On average that is
 * 50 frames a second, it never drifts, a late wake catches up by itself, and a stall shorter than the lead (less one
 * tick of the frame clock) is not heard. The rule also says when the next frame is due: when the far end will have
 * played down to the lead, which is a fixed 20 ms after the last one was due, however late that one went out.
 *
 * A call with a background has the same rule while the queue is empty, with a lead of its own: it is mixed under every
 * frame of the voice, and sent alone when there is none.
 */
export interface TxWorker {
  /** Something is in the queue that was empty. */
  wake(nowUs: number): void
  /** A mark came back from the far end. */
  markReturned(name: string, nowUs: number): void
  readonly counters: TxCounters
}

export interface TxCounters {
  framesSent: number
  /** Those of them that had nothing but background. */
  backgroundFrames: number
  /** Of the others, those that an operator muted. */
  mutedFrames: number
  /** Times the far end ran out of voice in mid-utterance, and for how long in all. */
  underruns: number
  underrunUs: number
  /** Wakes on which frames were held back because the socket's buffer was full. */
  heldBySocket: number
  clears: number
  marksSent: number
  /** Marks that came back after the `clear` that voided them, or that were never sent. */
  staleMarks: number
  /** Marks that had not come back when the playout clock's word was taken for them. */
  marksMissing: number
  /** Those of them that came back after all. */
  marksLate: number
}

export interface TxWorkerParts {
  readonly reader: FrameReader<TxControl>
  readonly call: TransportCall
  readonly settings: CallSettings['txQueue']
  readonly playout: PlayoutClock
  readonly agentVoice: AgentVoice
  readonly ducking: Ducking
  readonly muting: Muting
  /** What is heard under the voice, and in its silence. */
  readonly background?: BackgroundMix | undefined
  /** Marks on the wire, oldest first; the line settles them too when it is interrupted. */
  readonly openMarks: OpenMark[]
  readonly alarm: Alarm
  readonly taps: readonly CallTap[]
  readonly markNews: MarkNews
  /** A method of the line that promises nothing rejected. One that throws is told by whoever visits the worker. */
  readonly onFailure: (thrown: unknown) => void
}

const FRAME_US = toUs(FRAME_MS)
/**
 * How much background the far end holds in silence: what is said next waits behind it, so it is no longer than two
 * frames. A late wake leaves a hole in a sound that nobody listens to.
 */
const BACKGROUND_LEAD_US = 2 * FRAME_US
/**
 * An agent whose voice was cut off is silent for so long at least, or nobody would hear that it gave way: shorter holes
 * are in every voice. Most models are slower.
 */
const GIVEN_WAY_US = 12 * FRAME_US

export function createTxWorker(parts: TxWorkerParts): TxWorker {
  return new Worker(parts)
}

/** A class: this runs for every frame of every call. */
class Worker implements TxWorker, Sleeper {
  readonly #reader: FrameReader<TxControl>
  readonly #playout: PlayoutClock
  readonly #agentVoice: AgentVoice
  readonly #ducking: Ducking
  readonly #muting: Muting
  readonly #background: BackgroundMix | undefined
  readonly #call: TransportCall
  readonly #openMarks: OpenMark[]
  readonly #watch: MarkWatch
  readonly #alarm: Alarm
  readonly #taps: readonly CallTap[]
  readonly #onFailure: (thrown: unknown) => void
  readonly #frameBytes: number
  #frame: Uint8Array
  readonly #leadUs: number
  /** The same for background without voice. 0: there is none. */
  readonly #fillLeadUs: number
  readonly #maxBufferedBytes: number
  /** Before that no voice goes out. */
  #silentUntilUs = -Infinity
  /** Media went out and no mark since: running dry now would be heard as a gap inside a clause. */
  #midUtterance = false
  readonly counters: TxCounters = {
    framesSent: 0,
    backgroundFrames: 0,
    mutedFrames: 0,
    underruns: 0,
    underrunUs: 0,
    heldBySocket: 0,
    clears: 0,
    marksSent: 0,
    staleMarks: 0,
    marksMissing: 0,
    marksLate: 0,
  }

  constructor(parts: TxWorkerParts) {
    this.#reader = parts.reader
    this.#playout = parts.playout
    this.#agentVoice = parts.agentVoice
    this.#ducking = parts.ducking
    this.#muting = parts.muting
    this.#background = parts.background
    this.#call = parts.call
    this.#openMarks = parts.openMarks
    this.#watch = new MarkWatch(parts.markNews)
    this.#alarm = parts.alarm
    this.#taps = parts.taps
    this.#onFailure = parts.onFailure
    this.#frameBytes = frameBytes(parts.call.format)
    this.#frame = new Uint8Array(this.#frameBytes)
    this.#leadUs = toUs(parts.settings.leadMs)
    this.#fillLeadUs = parts.background ? Math.min(this.#leadUs, BACKGROUND_LEAD_US) : 0
    // On the wire a frame is base64 in JSON: about twice its bytes.
    this.#maxBufferedBytes = parts.settings.sendMaxFrames * this.#frameBytes * 2
    parts.alarm.wakes(this)
  }

  wake(nowUs: number): void {
    this.#alarm.at(this.#reader.peek() === 'control' ? nowUs : this.#nextFrameUs(nowUs))
  }

  onDue(nowUs: number): void {
    this.#watch.look(nowUs)
    if (this.#openMarks.length > 0) this.#giveUpOnMarks(nowUs)
    const held = this.#pump(nowUs)
    this.#setAlarm(nowUs, held)
  }

  markReturned(name: string, nowUs: number): void {
    const owed = this.#watch.returned(name, nowUs)
    const index = this.#openMarks.findIndex((mark) => mark.name === name)
    if (index < 0) {
      if (owed?.isGivenUp) this.counters.marksLate++
      else this.counters.staleMarks++
      return
    }
    // Marks return in order: one that overtook others proves those too.
    for (const mark of this.#openMarks.splice(0, index + 1)) {
      this.#playout.markReturned(nowUs, mark.place)
      mark.settle('played')
    }
    // The far end may hold less than thought.
    if (this.#background || this.#reader.peek() === 'media') this.wake(nowUs)
  }

  /** Sends what is due. Returns whether the socket held frames back. */
  #pump(nowUs: number): boolean {
    for (;;) {
      const next = this.#reader.peek()
      if (next === 'control') {
        this.#sendControl(this.#reader.readControl(), nowUs)
        continue
      }
      if (next === 'ended') return false
      const isVoice = next === 'media' && nowUs >= this.#silentUntilUs
      const leadUs = isVoice ? this.#leadUs : this.#fillLeadUs
      if (this.#playout.aheadUs(nowUs) >= leadUs) return false
      if (this.#call.bufferedBytes > this.#maxBufferedBytes) {
        this.counters.heldBySocket++
        return true
      }
      if (isVoice) this.#sendVoice(nowUs)
      else this.#sendBackground(nowUs)
    }
  }

  #sendControl(control: TxControl, nowUs: number): void {
    if (control.type === 'cue') return control.settle('played')
    this.#midUtterance = false
    if (control.type === 'clear') {
      this.#given(this.#call.clear())
      if (this.#playout.voiceAheadUs(nowUs) > 0) this.#silentUntilUs = nowUs + GIVEN_WAY_US
      // It goes on where the far end left off.
      const discardedUs = this.#playout.cleared(nowUs)
      this.#background?.rewind(discardedUs / US_PER_MS)
      this.#agentVoice.cleared(nowUs)
      this.#watch.cleared()
      this.counters.clears++
      for (const tap of this.#taps) tap.onCleared(nowUs / US_PER_MS)
      return
    }
    const mark: OpenMark = {
      name: control.name,
      place: this.#playout.place(),
      foretoldUs: nowUs + this.#playout.aheadUs(nowUs),
      settle: control.settle,
    }
    this.#openMarks.push(mark)
    this.#watch.sent(mark)
    this.#given(this.#call.mark(control.name))
    this.counters.marksSent++
  }

  #sendVoice(nowUs: number): void {
    const frame = this.#ownFrame()
    this.#reader.readMedia(frame)
    const muted = this.#muting.on
    if (muted) this.#mute(frame)
    else this.#ducking.apply(frame)
    this.#background?.under(frame)
    const missingUs = this.#playout.sent(nowUs, FRAME_US)
    if (!muted) this.#agentVoice.sent(this.#playAtUs(nowUs))
    if (this.#midUtterance && missingUs > 0) {
      this.counters.underruns++
      this.counters.underrunUs += missingUs
    }
    this.#midUtterance = true
    this.#send(frame, nowUs)
  }

  #mute(frame: Uint8Array): void {
    this.#muting.silence(frame, this.#playout.sentMs)
    this.counters.mutedFrames++
  }

  #sendBackground(nowUs: number): void {
    const frame = this.#ownFrame()
    this.#background!.alone(frame)
    this.#playout.filled(nowUs, FRAME_US)
    this.counters.backgroundFrames++
    this.#send(frame, nowUs)
  }

  #ownFrame(): Uint8Array {
    // It was lent, and a transport gave it away to a thread of its own.
    if (this.#frame.length === 0) this.#frame = new Uint8Array(this.#frameBytes)
    return this.#frame
  }

  #send(frame: Uint8Array, nowUs: number): void {
    this.#given(this.#call.send(frame))
    this.counters.framesSent++
    if (this.#taps.length === 0) return
    const playAtMs = this.#playAtUs(nowUs) / US_PER_MS
    for (const tap of this.#taps) tap.onAgentFrame(frame, playAtMs)
  }

  /** When the frame that went out last is played. */
  #playAtUs(nowUs: number): number {
    return nowUs + this.#playout.aheadUs(nowUs) - FRAME_US
  }

  #given(given: unknown): void {
    if (given !== undefined) catchPromised(given, this.#onFailure)
  }

  /** A far end that does not return a mark must not hold up a hang-up: the playout clock's word is taken instead. */
  #giveUpOnMarks(nowUs: number): void {
    while (this.#openMarks.length > 0 && nowUs > this.#markDueUs()) {
      this.counters.marksMissing++
      const mark = this.#openMarks.shift()!
      mark.isGivenUp = true
      mark.settle('played')
    }
  }

  #markDueUs(): number {
    return this.#watch.dueUs(this.#openMarks[0]!, this.#playout.lagUs)
  }

  #setAlarm(nowUs: number, held: boolean): void {
    if (held) return this.#alarm.at(nowUs + FRAME_US)
    const next = this.#reader.peek()
    if (next === 'media') return this.#alarm.at(this.#nextFrameUs(nowUs))
    if (next === 'control') return this.#alarm.at(nowUs)
    const openUs = this.#openMarks.length > 0 ? this.#markDueUs() : Infinity
    const fillUs = this.#background && next === 'empty' ? this.#playout.reachesUs(this.#fillLeadUs) : Infinity
    this.#alarm.at(Math.min(openUs, this.#watch.lookUs, Math.max(nowUs, fillUs)))
  }

  /** After that the far end holds less than the lead, or the silence of an agent that gave way is over. */
  #nextFrameUs(nowUs: number): number {
    if (nowUs < this.#silentUntilUs) {
      const fillUs = this.#background ? this.#playout.reachesUs(this.#fillLeadUs) : Infinity
      return Math.max(nowUs, Math.min(this.#silentUntilUs, fillUs))
    }
    return Math.max(nowUs, this.#playout.reachesUs(this.#leadUs))
  }
}
