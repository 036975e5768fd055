import {
  bytesPerSecond,
  type PluginContext,
  ProviderError,
  type RealtimeSession,
  type RealtimeSessionOptions,
} from '@kav/core'
import { type AudioReplay, createAudioReplay } from '@kav/core/kit'
import { appendEvent } from '../append-audio.ts'
import { type ServerFault, serverFaultOf } from '../server-fault.ts'
import { createOddEvents } from './odd-events.ts'
import type { RealtimeParams } from './realtime-params.ts'
import { isHarmless, serverError } from './server-error.ts'
import type { ServerEvent } from './server-event.ts'
import { createSpeechConversation, type SpeechConversation } from './speech-conversation.ts'
import { createSpeechLife, type SpeechLife } from './speech-life.ts'
import { createSpeechLines, lostAtOnce, type SpeechLines } from './speech-lines.ts'
import { createSpeechMoves, type SpeechMoves } from './speech-moves.ts'

/** The longest turn of a caller that a new connection hears again. */
const REPLAY_MS = 30_000
/** More unsent audio than this is a dead line. */
const MAX_BUFFERED_BYTES = 400_000
/** What the model is told when nobody spoke over it. */
const GO_ON =
  'A noise on the line cut you off; the caller said nothing. Go on from the very word where you were cut off, without a remark about it.'
/** How long a running reply may take after `finish`. */
const LAST_REPLY_MS = 20_000

/** What the parts of one session share. */
interface SpeechParts {
  readonly context: PluginContext
  readonly options: RealtimeSessionOptions
  readonly doing: string
  readonly life: SpeechLife
  readonly lines: SpeechLines
  readonly conversation: SpeechConversation
  readonly moves: SpeechMoves
  readonly replay: AudioReplay
}

/**
 * One call's session: the conversation, and the connection it is on at the moment. Before the server's limit it moves
 * in the first quiet moment, after a fault at once; either way the conversation and the caller's open words go along.
 */
export async function openSpeechSession(
  params: RealtimeParams,
  context: PluginContext,
  options: RealtimeSessionOptions,
  doing: string,
): Promise<RealtimeSession> {
  const { clock } = context
  const { signal } = options
  const onOdd = createOddEvents(context, options.callId, 'openai_realtime_odd_events_total')
  const replay = createAudioReplay((REPLAY_MS * bytesPerSecond(options.format)) / 1000)
  const life = createSpeechLife({ clock, signal, doing, closeLines: () => lines.closeAll() })
  const lines = createSpeechLines({
    params,
    context,
    options,
    doing,
    life,
    onCreated: (expiresAtS) => moves.noticeExpiry(expiresAtS),
    onOdd,
    onEvent: (event) => onEvent(parts, event),
    onLost: (error) => onLost(parts, error),
  })
  const conversation = createSpeechConversation({
    options,
    context,
    replay,
    historyTokens: params.history_tokens,
    detectsTurns: params.turn_detection !== 'none',
    doing,
    onOdd,
    emit: life.events.push,
    send: (json) => lines.current?.send(json),
  })
  const maxSessionMs = params.max_session_ms
  const moves = createSpeechMoves({ context, doing, maxSessionMs, life, lines, conversation, replay })
  const parts: SpeechParts = { context, options, doing, life, lines, conversation, moves, replay }
  await openFirst(parts)
  return createSession(parts)
}

async function openFirst({ life, lines, moves, ...parts }: SpeechParts): Promise<void> {
  let first
  try {
    first = await lines.open()
  } catch (thrown) {
    await life.close()
    throw thrown
  }
  lines.use(first)
  if (life.isOver) await first.close()
  else if (lines.isLost(first)) onLost({ ...parts, life, lines, moves }, lostAtOnce(parts.doing))
  else moves.begin()
}

function onEvent(parts: SpeechParts, event: ServerEvent): void {
  const { life, conversation, moves } = parts
  if (life.isOver) return
  if (event.type === 'error') return onError(parts, serverFaultOf(event.error))
  conversation.onEvent(event)
  moves.heard(event)
  if (life.state === 'finishing' && !conversation.replying) life.end()
}

function onError(parts: SpeechParts, fault: ServerFault): void {
  const { log, metrics } = parts.context
  if (fault.code === 'conversation_already_has_active_response') return parts.conversation.responseRefused()
  if (isHarmless(fault)) return
  const error = serverError(fault, parts.doing)
  metrics.count('openai_realtime_errors_total', 1, { class: error.class })
  if (error.class !== 'bad-request') return onLost(parts, error)
  log.warn({ call: parts.options.callId, error: error.message }, 'realtime session reported an error')
}

function onLost({ life, lines, moves, context, options }: SpeechParts, error: ProviderError): void {
  if (life.isOver) return
  if (life.state === 'finishing') return life.end()
  if (!error.retryable) return life.die(error)
  context.log.warn({ call: options.callId, error: error.message }, 'realtime connection lost')
  lines.drop()
  moves.now(error.class === 'session-limit' ? 'session-limit' : 'fault')
}

function createSession(parts: SpeechParts): RealtimeSession {
  const { life, lines, conversation, replay, doing } = parts
  return {
    events: life.events.items,
    write(audio) {
      if (life.state !== 'open') return
      replay.push(audio)
      conversation.wrote()
      const line = lines.current
      if (!line) return
      if (line.bufferedBytes > MAX_BUFFERED_BYTES) {
        return onLost(parts, new ProviderError('network', `${doing}: the network does not take the audio`))
      }
      line.send(appendEvent(audio))
    },
    interrupt(heard) {
      if (life.isOver) return
      conversation.interrupt(heard)
      life.events.withdraw((event) => event.type === 'audio')
    },
    endTurn: () => void (life.isOver || conversation.endTurn()),
    toolResult: (callId, content) => void (life.isOver || conversation.toolResult(callId, content)),
    say: (text) => void (life.isOver || conversation.say(text)),
    enter: (keys) => void (life.isOver || conversation.add({ role: 'user', content: keys })),
    note: (text) => void (life.isOver || conversation.note(text)),
    resume: () => void (life.isOver || conversation.add({ role: 'system', content: GO_ON })),
    finish() {
      if (life.state !== 'open') return
      life.nowFinishing()
      if (!conversation.replying) return life.end()
      life.after(LAST_REPLY_MS, life.end)
    },
    close: life.close,
  }
}
