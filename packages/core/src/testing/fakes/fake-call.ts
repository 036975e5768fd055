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
  /** How the attempts to transfer go, in turn; after the last one they go well. `afterMs: Infinity` never answers. */
  readonly transfers?: readonly { readonly afterMs?: number; readonly error?: Error }[]
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

/** What the far end holds: it plays in real time, first in first out. */
function createFarPlayout(clock: Clock, format: AudioFormat) {
  let endMs = Number.NEGATIVE_INFINITY
  let sentMs = 0
  let discardedMs = 0
  const heldMs = () => Math.max(0, endMs - clock.nowMs())
  return {
    heldMs,
    heardMs: () => sentMs - discardedMs - heldMs(),
    /** Returns when it will be played. */
    take(frame: Uint8Array): number {
      const playsAtMs = Math.max(clock.nowMs(), endMs)
      const lengthMs = durationMs(format, frame.byteLength)
      endMs = playsAtMs + lengthMs
      sentMs += lengthMs
      return playsAtMs
    },
    /** Returns how much will not be played. */
    clear(): number {
      const discarded = heldMs()
      discardedMs += discarded
      endMs = clock.nowMs()
      return discarded
    },
  }
}

/** The marks that the far end has still to give back. */
function createFarMarks(clock: Clock, onReturned: (name: string) => void) {
  const marks = new Map<object, { readonly name: string; readonly cancel: () => void }>()
  function giveBack(name: string, afterMs: number): void {
    const key = {}
    const cancel = clock.after(afterMs, () => {
      marks.delete(key)
      onReturned(name)
    })
    marks.set(key, { name, cancel })
  }
  /** Returns the names of those that will not come back as they were due. */
  function take(): readonly string[] {
    const pending = [...marks.values()]
    marks.clear()
    for (const mark of pending) mark.cancel()
    return pending.map((mark) => mark.name)
  }
  return { giveBack, take }
}

/** The phone at the other end, and a list of what it was sent. */
function createFarEnd(options: FakeCallOptions, format: AudioFormat, onMark: (name: string) => void) {
  const { clock, returnMs = 0 } = options
  const sent: FakeSent[] = []
  const playout = createFarPlayout(clock, format)
  const marks = createFarMarks(clock, onMark)
  return {
    sent,
    heardMs: playout.heardMs,
    heldMs: playout.heldMs,
    play(frame: Uint8Array): void {
      const atMs = clock.nowMs()
      const playsAtMs = playout.take(frame)
      const bytes = options.keepAudio === false ? NO_AUDIO : new Uint8Array(frame)
      sent.push({ kind: 'frame', atMs, playsAtMs, bytes })
    },
    mark(name: string): void {
      sent.push({ kind: 'mark', atMs: clock.nowMs(), name })
      marks.giveBack(name, playout.heldMs() + returnMs)
    },
    clear(): void {
      sent.push({ kind: 'clear', atMs: clock.nowMs(), discardedMs: playout.clear() })
      for (const name of marks.take()) marks.giveBack(name, returnMs)
    },
    /** No mark comes back any more. */
    end: () => void marks.take(),
  }
}

/** Events on their way to the core: held until the call is opened. */
function createEventDoor() {
  const held: ((handlers: TransportCallHandlers) => void)[] = []
  let handlers: TransportCallHandlers | undefined
  return {
    open(to: TransportCallHandlers): void {
      if (handlers !== undefined) throw new Error('FakeCall: open was called twice')
      handlers = to
      for (const event of held.splice(0)) event(to)
    },
    deliver(event: (to: TransportCallHandlers) => void): void {
      if (handlers === undefined) held.push(event)
      else event(handlers)
    },
  }
}

/** Hands over a buffer that is noise as soon as the handler returns. */
function lend(audio: Uint8Array): (to: TransportCallHandlers) => void {
  const lent = new Uint8Array(audio)
  return (to) => {
    to.onMedia(lent)
    lent.fill(POISON)
  }
}

/** The time that a carrier takes; a turn of the event loop at least. */
async function atCarrier(clock: Clock, ms = 0): Promise<void> {
  if (ms > 0) await pause(clock, ms)
}

export function createFakeCall(options: FakeCallOptions): FakeCall {
  const { clock } = options
  const format = options.format ?? MULAW_8K
  const { open, deliver } = createEventDoor()
  let bufferedBytes = 0
  let ignored = 0
  let ended: HangUpReason | undefined
  let transferredTo: string | undefined
  let transfers = 0
  const far = createFarEnd(options, format, (name) => {
    if (ended === undefined) deliver((to) => to.onMark(name))
  })

  function end(reason: HangUpReason): void {
    if (ended !== undefined) return
    ended = reason
    far.end()
    deliver((to) => to.onHangUp(reason))
  }

  /** True while the call lives; counts what comes too late. */
  function alive(): boolean {
    if (ended !== undefined) ignored++
    return ended === undefined
  }

  const endAtCarrier = (reason: HangUpReason): Promise<void> =>
    atCarrier(clock, options.hangUpMs).then(() => end(reason))

  const call: TransportCall = {
    id: options.id ?? 'fake-call',
    format,
    params: options.params ?? {},
    get bufferedBytes() {
      return bufferedBytes
    },
    open,
    send(frame) {
      if (alive()) far.play(frame)
    },
    mark(name) {
      if (alive()) far.mark(name)
    },
    clear() {
      if (alive()) far.clear()
    },
    hangUp: () => endAtCarrier('agent'),
    ...(options.transferable === true && {
      async transfer(to: string) {
        const how = options.transfers?.[transfers++]
        await atCarrier(clock, how?.afterMs)
        if (how?.error) throw how.error
        transferredTo ??= to
        await endAtCarrier('transferred')
      },
    }),
  }

  return {
    call,
    sent: far.sent,
    sentAudio: () => Buffer.concat(far.sent.map((one) => (one.kind === 'frame' ? one.bytes : NO_AUDIO))),
    heardMs: far.heardMs,
    heldMs: far.heldMs,
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
      if (ended === undefined) deliver(lend(audio))
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
