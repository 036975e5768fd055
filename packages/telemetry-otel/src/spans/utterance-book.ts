import type { CallSpan } from './call-span.ts'
import { CALL_KEY } from './call-span.ts'
import { type RequestHome, requestSpan, type ToldRequest } from './request-spans.ts'
import { partsOf } from './turn-parts.ts'
import { createUtterance, type Utterance, type UtteranceName } from './utterance.ts'

/** Of so many utterances that are over it is known where a request that ends late belongs. */
const OVER_KEPT = 32
/** Requests of a turn that has not ended yet: answers that are prepared. */
const MAX_WAITING = 16

/** Knows what is being said, and tells its spans once it is over: the next begins, or the call ends. */
export class UtteranceBook {
  readonly #emit: (span: CallSpan) => void
  /** The last one; it stays when it is over, since its requests may end a little later. */
  #current: Utterance | undefined
  readonly #over = new Map<number, RequestHome>()
  /** How often each was opened. */
  readonly #times = new Map<string, number>()
  #waiting: ToldRequest[] = []
  #lastTurn = 0
  #requests = 0

  constructor(emit: (span: CallSpan) => void) {
    this.#emit = emit
  }

  /** What is being said now, if it is of this turn; without one, whatever it is. */
  open(turn?: number): Utterance | undefined {
    const current = this.#current
    if (current === undefined || current.closedMs !== undefined) return undefined
    return turn === undefined || current.turn === turn ? current : undefined
  }

  /** It ends whatever was said before. */
  begin(name: UtteranceName, turn: number, startMs: number, atMs: number): Utterance {
    this.#flush(atMs)
    const plainKey = name === 'greeting' ? name : `${name} ${turn}`
    const times = (this.#times.get(plainKey) ?? 0) + 1
    this.#times.set(plainKey, times)
    const key = times === 1 ? plainKey : `${plainKey}.${times}`
    const utterance = createUtterance({ key, name, turn, startMs })
    utterance.lastMs = atMs
    this.#current = utterance
    this.#lastTurn = Math.max(this.#lastTurn, turn)
    const waited = this.#waiting
    this.#waiting = []
    for (const told of waited) this.request(told)
    return utterance
  }

  close(utterance: Utterance, atMs: number, outcome: string): void {
    utterance.closedMs = atMs
    utterance.attributes['kav.outcome'] = outcome
    if (outcome === 'failed') utterance.error = utterance.fault ?? 'failed'
  }

  request(told: ToldRequest): void {
    const { turn, name } = told
    const current = this.#current
    if (turn !== undefined && turn > this.#lastTurn && this.#waiting.length < MAX_WAITING) {
      this.#waiting.push(told)
      return
    }
    if (current !== undefined && current.turn === turn) noteRequest(current, told)
    this.#emit(requestSpan(told, this.#homeOf(turn), `${name} ${++this.#requests}`))
  }

  end(atMs: number): void {
    if (this.#current && this.#current.closedMs === undefined) this.#current.attributes['kav.unended'] = true
    this.#flush(atMs)
    // They were for a turn that never came.
    this.#lastTurn = Infinity
    for (const told of this.#waiting.splice(0)) this.request(told)
  }

  #homeOf(turn: number | undefined): RequestHome {
    const current = this.#current
    if (current && current.turn === turn) {
      const { key, startMs, closedMs: endMs = Infinity } = current
      return { key, startMs, endMs }
    }
    const over = turn === undefined ? undefined : this.#over.get(turn)
    return over ?? { key: CALL_KEY, startMs: 0, endMs: Infinity }
  }

  #flush(atMs: number): void {
    const current = this.#current
    if (current === undefined) return
    this.#current = undefined
    if (current.closedMs === undefined) {
      // An answer of which nothing was on the wire was given up before; when, its last event tells.
      const unheard = current.name === 'turn' && current.firstFrameMs === undefined
      current.closedMs = unheard && !current.attributes['kav.unended'] ? current.lastMs : atMs
      current.attributes['kav.outcome'] ??= 'replaced'
    }
    this.#tell(current, current.closedMs)
  }

  #tell(utterance: Utterance, endMs: number): void {
    const { key, name, turn, startMs, attributes, error, events } = utterance
    const within = { key, startMs, endMs }
    this.#over.delete(turn)
    this.#over.set(turn, within)
    if (this.#over.size > OVER_KEPT)
      for (const oldest of this.#over.keys()) if (this.#over.delete(oldest)) break
    if (name === 'turn') {
      for (const part of partsOf(utterance, endMs)) {
        this.#emit({
          ...part,
          key: `${key}/${part.name}`,
          parent: key,
          attributes: {},
          error: undefined,
          events: [],
        })
      }
    }
    this.#emit({ ...within, parent: CALL_KEY, name, attributes, error, events })
  }
}

/** Where no frame of the answer went out, its requests tell how far it came. */
function noteRequest(utterance: Utterance, { name, startMs, endMs, attributes }: ToldRequest): void {
  if (utterance.closedMs === undefined) utterance.lastMs = Math.max(utterance.lastMs, endMs)
  if (utterance.name !== 'turn') utterance.startMs = Math.min(utterance.startMs, startMs)
  const waitedMs = attributes['kav.first_ms']
  if (utterance.firstFrameMs !== undefined || typeof waitedMs !== 'number') return
  const firstMs = startMs + waitedMs
  if (firstMs > (utterance.closedMs ?? Infinity) || startMs < (utterance.restartedMs ?? 0)) return
  if (name === 'llm') utterance.firstTokenMs ??= firstMs
  if (name === 'tts') utterance.firstAudioMs ??= firstMs
}
