import { asProviderError, type ProviderError } from '../../contracts/errors.ts'
import { delay } from '../deadline.ts'
import type { JsonMessage } from '../wire/json-message.ts'
import type { WireSocket } from '../wire/wire-socket.ts'
import { openRealtimeConnection } from './realtime-connection.ts'
import type { RealtimeLife } from './realtime-life.ts'
import type { RealtimeSocketOptions } from './realtime-protocol.ts'
import type { RealtimeTalk } from './realtime-talk.ts'
import { createReopenPace } from './reopen-pace.ts'

const REPLAY_PIECE_BYTES = 12_000

/** The connection that a session is on at the moment, and its moves to the next one. */
export interface RealtimeLine {
  /** The first connection. Rejects with a `ProviderError`. */
  open(): Promise<void>
  readonly isUp: boolean
  /** Do nothing while there is no connection: what is owed then goes out on the next one. */
  send(message: string): void
  sendAudio(audio: Uint8Array): void
  /** The connection is of no use any more: a fault that may be tried again is a move, any other the end. */
  lost(error: ProviderError): void
  close(): Promise<void>
}

export interface RealtimeLineParts {
  readonly given: RealtimeSocketOptions
  readonly life: RealtimeLife
  readonly talk: RealtimeTalk
  onMessage(message: JsonMessage): void
  onOdd(): void
}

export function createRealtimeLine({ given, life, talk, onMessage, onOdd }: RealtimeLineParts): RealtimeLine {
  const { protocol, context, counter, socket } = given
  const { clock, metrics } = context
  const pace = createReopenPace()
  let wire: WireSocket | undefined

  async function connect(): Promise<void> {
    let own: WireSocket | undefined = undefined
    let early: ProviderError | undefined
    own = await openRealtimeConnection(given, talk.conversation, life.ending, {
      onMessage,
      onOdd,
      onLost(error) {
        if (own === undefined) early = error
        else if (own === wire) lost(error)
      },
    })
    if (early !== undefined) throw early
    wire = own
    pace.opened(clock.nowMs())
  }

  function lost(error: ProviderError): void {
    if (life.state === 'over') return
    const gone = wire
    wire = undefined
    void gone?.close()
    talk.lost()
    if (life.state === 'finishing') life.end()
    else if (error.retryable) void move(error)
    else life.die(error)
  }

  async function move(why: ProviderError): Promise<void> {
    const startedMs = clock.nowMs()
    for (let error = why; wire === undefined;) {
      const pauseMs = error.retryable ? pace.lost(clock.nowMs()) : undefined
      if (pauseMs === undefined) return life.die(error)
      if (pauseMs > 0) await delay(clock, pauseMs, life.ending)
      if (life.ending.aborted) return
      await connect().catch((thrown: unknown) => (error = asProviderError(thrown, socket.faults.doing)))
    }
    if (life.state === 'over') return void wire.close()
    repay()
    const reason = why.class === 'session-limit' ? 'session-limit' : 'fault'
    metrics.count(`${counter}_reconnects_total`, 1, { reason })
    life.events.push({ type: 'reconnected', reason, tookMs: clock.nowMs() - startedMs })
    if (life.state === 'finishing') send(protocol.last)
  }

  const send = (message: string | Uint8Array): void => wire?.send(message)
  const sendAudio = (audio: Uint8Array): void => send(protocol.audioMessage?.(audio) ?? audio)

  function repay(): void {
    const { audio, says, answer } = talk.takeOwed()
    for (let at = 0; at < audio.length; at += REPLAY_PIECE_BYTES)
      sendAudio(audio.subarray(at, at + REPLAY_PIECE_BYTES))
    for (const text of says) send(protocol.say(text))
    if (answer) send(protocol.answer)
  }

  return {
    open: connect,
    get isUp() {
      return wire !== undefined
    },
    send,
    sendAudio,
    lost,
    close: async () => wire?.close(),
  }
}
