import type { SttEvent } from '../../contracts/stt.ts'
import { createDeferred } from '../deferred.ts'
import { createPushQueue } from '../push-queue.ts'
import { createMessageReader } from './messages-in.ts'
import type { JsonMessage } from './json-message.ts'
import type { SttSocketOptions, SttSocketSession } from './stt-protocol.ts'
import type { WireSocket, WireSocketHandlers } from './wire-socket.ts'

/** What a server closes with when all is said: normal, going away, no code. */
const FAREWELLS = new Set([1000, 1001, 1005])

/** One session from its opening to its end: what comes in, and which end counts. */
export interface SttSocketLife {
  readonly events: AsyncIterable<SttEvent>
  readonly handlers: WireSocketHandlers
  /** The service has said that audio is welcome, or why it is not. */
  readonly ready: Promise<void>
  readonly state: 'opening' | 'open' | 'finishing' | 'over'
  /** The connection is up. */
  connected(wire: WireSocket): void
  /** Audio may come. */
  opened(): void
  /** No more audio comes: the service has `limitMs` for its last words. */
  finishing(limitMs: number): void
  /** Ends without another event. */
  drop(): void
}

export function createSttSocketLife(options: SttSocketOptions): SttSocketLife {
  const { protocol, context, counter } = options
  const events = createPushQueue<SttEvent>({ supersedes: isNewerPartial })
  const ready = createDeferred<void>()
  // Of a session that is given up while it opens nobody waits for it.
  ready.promise.catch(() => undefined)
  let state: SttSocketLife['state'] = 'opening'
  let wire: WireSocket | undefined
  let cancelFinish: () => void = () => undefined

  /** `false`: it was over before. */
  function over(): boolean {
    if (state === 'over') return false
    state = 'over'
    cancelFinish()
    void wire?.close()
    return true
  }
  function die(error: unknown): void {
    if (!over()) return
    ready.reject(error)
    events.fail(error)
  }
  const order = createOrder(events.push)
  const session: SttSocketSession = {
    emit: order.emit,
    send: (message) => wire?.send(message),
    end() {
      if (!over()) return
      order.closeWords()
      events.end()
    },
    odd: createOddCount(options),
    get finishing() {
      return state === 'finishing'
    },
  }
  function onMessage(message: JsonMessage): void {
    if (state === 'over') return
    if (state === 'opening' && protocol.isReady?.(message) === true) ready.resolve()
    protocol.read(message, session)
  }
  const { odd } = session
  const read = createMessageReader(protocol.messagesIn, { onMessage, onOdd: odd, onThrown: die })

  return {
    events: events.items,
    ready: ready.promise,
    handlers: {
      onText: read,
      onBytes: read,
      onLost(error, code) {
        if (state === 'finishing' && code !== undefined && FAREWELLS.has(code)) session.end()
        else die(error)
      },
    },
    get state() {
      return state
    },
    connected(opened) {
      wire = opened
      if (protocol.isReady === undefined) ready.resolve()
    },
    opened() {
      if (state === 'opening') state = 'open'
    },
    finishing(limitMs) {
      state = 'finishing'
      cancelFinish = context.clock.after(limitMs, () => {
        context.metrics.count(`${counter}_finish_timeouts_total`)
        session.end()
      })
    },
    drop() {
      over()
      events.discard()
    },
  }
}

/** Of a slow reader's partials only the newest counts. */
function isNewerPartial(next: SttEvent, last: SttEvent): boolean {
  return next.type === 'partial' && last.type === 'partial'
}

/** Events in the order of the contract, whatever order the service has. */
function createOrder(push: (event: SttEvent) => void): { emit(event: SttEvent): void; closeWords(): void } {
  /** What the latest partial showed and no final has closed. */
  let openWords = ''
  let speaking = false
  return {
    emit(event) {
      if (event.type === 'speech-stopped' && !speaking) return
      if (event.type === 'speech-started') speaking = true
      if (event.type === 'speech-stopped') speaking = false
      if (event.type === 'partial') openWords = event.text
      if (event.type === 'final') openWords = ''
      push(event)
    },
    closeWords() {
      if (openWords !== '') push({ type: 'final', text: openWords })
    },
  }
}

function createOddCount({ context, callId, counter }: SttSocketOptions): () => void {
  let logged = false
  return () => {
    context.metrics.count(`${counter}_odd_messages_total`)
    if (logged) return
    // A service that sends one sends many.
    logged = true
    context.log.warn(
      { call: callId, counter },
      'STT: a message of the service cannot be read; it is left out',
    )
  }
}
