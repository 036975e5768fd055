import { asProviderError } from '../../contracts/errors.ts'
import type { RealtimeSession } from '../../contracts/realtime.ts'
import type { JsonMessage } from '../wire/json-message.ts'
import { createRealtimeLife, type RealtimeLife } from './realtime-life.ts'
import { createRealtimeLine, type RealtimeLine } from './realtime-line.ts'
import type { RealtimeSocketOptions, RealtimeSocketSession } from './realtime-protocol.ts'
import { createRealtimeTalk, type RealtimeTalk } from './realtime-talk.ts'

const FINISH_LIMIT_MS = 20_000

/**
 * A conversation with a speech-to-speech service over WebSockets, as the contract of `RealtimeSession` wants it. It outlives
 * its connection: after a cut it opens the next one, puts the conversation back, writes again what of the caller no words
 * stand for yet (30 s at most), has said what was not heard, and asks for the answer that is still owed. It tries at once,
 * then with pauses that double, and gives up after 13 s of connections that do not last.
 *
 * Counts `{counter}_reconnects_total{reason}`, `{counter}_odd_messages_total` and `{counter}_finish_timeouts_total`.
 */
export async function openRealtimeSocket(given: RealtimeSocketOptions): Promise<RealtimeSession> {
  const { protocol, context, options, socket } = given
  const odd = createOddCount(given)
  const life = createRealtimeLife({
    clock: context.clock,
    signal: options.signal,
    closeWire: async () => line?.close(),
  })
  const talk = createRealtimeTalk(options, life.events.push)
  const session: RealtimeSocketSession = {
    emit: (event) => void (talk.heard(event) || odd()),
    send: (message) => line?.send(message),
    end: life.end,
    odd,
  }
  function read(message: JsonMessage): void {
    if (life.state === 'over') return
    try {
      protocol.read(message, session)
    } catch (thrown) {
      line?.lost(asProviderError(thrown, socket.faults.doing))
    }
  }
  let line: RealtimeLine | undefined = undefined
  line = createRealtimeLine({ given, life, talk, onMessage: read, onOdd: odd })
  try {
    await line.open()
  } catch (thrown) {
    await life.close()
    throw thrown
  }
  if (life.state === 'over') await line.close()
  return createSession(given, { life, talk, line })
}

interface Parts {
  readonly life: RealtimeLife
  readonly talk: RealtimeTalk
  readonly line: RealtimeLine
}

function createSession(
  { protocol, context, counter, finishLimitMs }: RealtimeSocketOptions,
  { life, talk, line }: Parts,
): RealtimeSession {
  return {
    events: life.events.items,
    write(audio) {
      if (life.state !== 'open' || audio.length === 0) return
      talk.wrote(audio)
      line.sendAudio(audio)
    },
    interrupt(heard) {
      if (life.state === 'over') return
      talk.interrupt(heard)
      life.events.withdraw((event) => event.type === 'audio')
      line.send(protocol.interrupt(heard))
    },
    endTurn() {
      if (life.state !== 'over' && protocol.endTurn !== undefined) line.send(protocol.endTurn)
    },
    toolResult(callId, content) {
      const isAwaited = life.state !== 'over' && talk.toolResult(callId, content)
      if (isAwaited) line.send(protocol.toolResult(callId, content))
    },
    say(text) {
      if (life.state === 'over') return
      talk.said(text)
      line.send(protocol.say(text))
    },
    finish() {
      if (life.state !== 'open') return
      life.finishing(finishLimitMs ?? FINISH_LIMIT_MS, () => {
        context.metrics.count(`${counter}_finish_timeouts_total`)
        life.end()
      })
      line.send(protocol.last)
    },
    close: life.close,
  }
}

function createOddCount({ context, options, counter }: RealtimeSocketOptions): () => void {
  let logged = false
  return () => {
    context.metrics.count(`${counter}_odd_messages_total`)
    if (logged) return
    // A service that sends one sends many.
    logged = true
    context.log.warn(
      { call: options.callId, counter },
      'REALTIME: a message of the service cannot be read; it is left out',
    )
  }
}
