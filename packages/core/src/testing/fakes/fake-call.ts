import {
  durationMs,
  MULAW_8K,
  type AudioFormat,
  type Clock,
  type HangUpReason,
  type TransportCall,
  type TransportCallHandlers,
} from '../../contracts/index.ts'
import { pause } from './pause.ts'

export interface FakeCallOptions {
  readonly clock: Clock
  readonly id?: string
  readonly format?: AudioFormat
  readonly params?: Readonly<Record<string, string>>
  /** How long a mark takes back from the far end. */
  readonly returnMs?: number
  /** How long `hangUp` and `transfer` take at the carrier. */
  readonly hangUpMs?: number
  /** Whether the call can be transferred. */
  readonly transferable?: boolean
  /** `false` records sizes and times but no audio bytes, for long runs. */
  readonly keepAudio?: boolean
}

/** What the TX worker did, in order. */
export type FakeSent =
  | { readonly kind: 'frame'; readonly atMs: number; readonly playsAtMs: number; readonly bytes: Uint8Array }
  | { readonly kind: 'mark'; readonly atMs: number; readonly name: string }
  | { readonly kind: 'clear'; readonly atMs: number; readonly discardedMs: number }

/** One call and its far end: a phone that plays what it is sent, first in first out, on the clock. */
export interface FakeCall {
  readonly call: TransportCall
  readonly sent: readonly FakeSent[]
  /** Audio of all frames sent, also of those that a later `clear` discarded. */
  sentAudio(): Uint8Array
  /** Audio that was played by now: neither discarded nor still held. */
  heardMs(): number
  /** Audio that the far end holds and has not played. */
  heldMs(): number
  /** `send`, `mark` and `clear` that came after the end. */
  readonly ignored: number
  /** How the call ended, once it has. */
  readonly ended: HangUpReason | undefined
  readonly transferredTo: string | undefined
  /** Caller audio. The handler gets a lent buffer that is overwritten as soon as it returns. */
  media(audio: Uint8Array): void
  dtmf(digit: string): void
  /** Ends the call from the caller's side or the network's. Only the first end counts. */
  hangUp(reason?: HangUpReason): void
  /** A slow network: what `bufferedBytes` says from now on. */
  setBufferedBytes(bytes: number): void
}

const POISON = 0x2a
const NO_AUDIO = new Uint8Array(0)

export function createFakeCall(options: FakeCallOptions): FakeCall {
  const { clock } = options
  const format = options.format ?? MULAW_8K
  const returnMs = options.returnMs ?? 0
  const sent: FakeSent[] = []
  const marks = new Map<object, { readonly name: string; readonly cancel: () => void }>()
  const held: ((handlers: TransportCallHandlers) => void)[] = []
  let handlers: TransportCallHandlers | undefined
  let playoutEndMs = Number.NEGATIVE_INFINITY
  let sentMs = 0
  let discardedMs = 0
  let bufferedBytes = 0
  let ignored = 0
  let ended: HangUpReason | undefined
  let transferredTo: string | undefined

  const heldMs = () => Math.max(0, playoutEndMs - clock.nowMs())

  function deliver(event: (to: TransportCallHandlers) => void): void {
    if (handlers === undefined) held.push(event)
    else event(handlers)
  }

  function end(reason: HangUpReason): void {
    if (ended !== undefined) return
    ended = reason
    for (const mark of marks.values()) mark.cancel()
    marks.clear()
    deliver((to) => to.onHangUp(reason))
  }

  function returnMark(name: string, afterMs: number): void {
    const key = {}
    const cancel = clock.after(afterMs, () => {
      marks.delete(key)
      if (ended === undefined) deliver((to) => to.onMark(name))
    })
    marks.set(key, { name, cancel })
  }

  /** True while the call lives; counts what comes too late. */
  function alive(): boolean {
    if (ended !== undefined) ignored++
    return ended === undefined
  }

  async function endAtCarrier(reason: HangUpReason): Promise<void> {
    if ((options.hangUpMs ?? 0) > 0) await pause(clock, options.hangUpMs ?? 0)
    else await Promise.resolve()
    end(reason)
  }

  const call: TransportCall = {
    id: options.id ?? 'fake-call',
    format,
    params: options.params ?? {},
    get bufferedBytes() {
      return bufferedBytes
    },
    open(to) {
      if (handlers !== undefined) throw new Error('FakeCall: open was called twice')
      handlers = to
      for (const event of held.splice(0)) event(to)
    },
    send(frame) {
      if (!alive()) return
      const atMs = clock.nowMs()
      const playsAtMs = Math.max(atMs, playoutEndMs)
      const lengthMs = durationMs(format, frame.byteLength)
      playoutEndMs = playsAtMs + lengthMs
      sentMs += lengthMs
      const bytes = options.keepAudio === false ? NO_AUDIO : new Uint8Array(frame)
      sent.push({ kind: 'frame', atMs, playsAtMs, bytes })
    },
    mark(name) {
      if (!alive()) return
      sent.push({ kind: 'mark', atMs: clock.nowMs(), name })
      returnMark(name, heldMs() + returnMs)
    },
    clear() {
      if (!alive()) return
      const discarded = heldMs()
      discardedMs += discarded
      playoutEndMs = clock.nowMs()
      sent.push({ kind: 'clear', atMs: clock.nowMs(), discardedMs: discarded })
      const pending = [...marks.values()]
      marks.clear()
      for (const mark of pending) {
        mark.cancel()
        returnMark(mark.name, returnMs)
      }
    },
    hangUp: () => endAtCarrier('agent'),
    ...(options.transferable === true && {
      async transfer(to: string) {
        transferredTo ??= to
        await endAtCarrier('transferred')
      },
    }),
  }

  return {
    call,
    sent,
    sentAudio: () => Buffer.concat(sent.map((one) => (one.kind === 'frame' ? one.bytes : NO_AUDIO))),
    heardMs: () => sentMs - discardedMs - heldMs(),
    heldMs,
    get ignored() {
      return ignored
    },
    get ended() {
      return ended
    },
    get transferredTo() {
      return transferredTo
    },
    media(audio) {
      if (ended !== undefined) return
      const lent = new Uint8Array(audio)
      deliver((to) => {
        to.onMedia(lent)
        lent.fill(POISON)
      })
    },
    dtmf(digit) {
      if (ended === undefined) deliver((to) => to.onDtmf(digit))
    },
    hangUp: (reason = 'caller') => end(reason),
    setBufferedBytes(bytes) {
      bufferedBytes = bytes
    },
  }
}
