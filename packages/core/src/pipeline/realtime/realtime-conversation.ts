import type { OperatorAnswer } from '../../contracts/operator.ts'
import type { RealtimeEvent, RealtimeSession } from '../../contracts/realtime.ts'
import type { Conversation } from '../turns/conversation.ts'
import { boundedSessionEvents } from './bounded-session-events.ts'
import { createRealtimeAgent } from './realtime-agent.ts'
import { createRealtimeCaller } from './realtime-caller.ts'
import type { RealtimeConversationParts } from './realtime-parts.ts'
import { createRealtimeTurns } from './realtime-turns.ts'

/** The conversation of one call with a model that hears, thinks and speaks by itself. */
export interface RealtimeConversation extends Conversation {
  /** The session takes audio. Reads its events until they end, whatever the way to the caller does meanwhile. */
  converse(session: RealtimeSession): Promise<void>
}

const DONE: OperatorAnswer = { done: true }
const LAST_WORDS: OperatorAnswer = {
  done: false,
  why: 'call-over',
  message: 'the last words of the call are being said',
}
const DEAF_TO_NOTES: OperatorAnswer = {
  done: false,
  why: 'cannot-do',
  message: 'the model of this call takes no notes; have it say something, or take the caller over',
}

export function createRealtimeConversation(parts: RealtimeConversationParts): RealtimeConversation {
  const { clock, telemetry } = parts
  const turns = createRealtimeTurns(clock, telemetry)
  const agent = createRealtimeAgent(parts, turns, {
    speaking() {
      return caller.speaking()
    },
    sinceMs() {
      return caller.sinceMs()
    },
    onAgentBegins: () => caller.onAgentBegins(),
    onAgentSilent: () => caller.onAgentSilent(),
  })
  const caller = createRealtimeCaller(parts, turns, agent)
  let closed = false

  function onEvent(event: RealtimeEvent): void {
    switch (event.type) {
      case 'speech-started':
      case 'speech-stopped':
      case 'caller-partial':
      case 'caller-final':
        return caller.onEvent(event)
      case 'usage':
        telemetry.usage.thought('realtime', parts.plugin, event)
        return agent.onEvent(event)
      case 'reconnected':
        return telemetry.stt.rotated({ plugin: parts.plugin, region: undefined, reason: event.reason })
      default:
        return agent.onEvent(event)
    }
  }

  return {
    async converse(session) {
      agent.adopt(session)
      for await (const event of boundedSessionEvents(session.events, parts)) {
        // The last words of the caller belong in the record; the rest has nobody to hear it.
        if (!closed) onEvent(event)
        else if (event.type === 'caller-final') turns.callerWritten(event.text)
      }
    },
    start() {
      if (parts.greeting === '') return caller.onAgentSilent()
      telemetry.greetingQueued(parts.greeting)
      agent.say(parts.greeting, 'greeting')
    },
    operator: {
      say(text, at) {
        if (closed || parts.giveUp.begun()) return LAST_WORDS
        if (at === 'once') agent.interrupt('operator')
        agent.say(text, 'prompt')
        return DONE
      },
      whisper: (text) => (agent.note(text) ? DONE : DEAF_TO_NOTES),
      interrupt() {
        if (agent.interrupt('operator')) caller.onAgentSilent()
      },
      keys(digits) {
        if (closed || parts.giveUp.begun()) return LAST_WORDS
        parts.speech.playTonesLater(parts.tonesOf(digits))
        return DONE
      },
      heardSoFar: () => undefined,
    },
    voiceStarted: caller.voiceStarted,
    voiceStopped: caller.voiceStopped,
    onDtmf: caller.onDtmf,
    close() {
      if (closed) return
      closed = true
      parts.giveUp.close()
      caller.close()
      agent.close()
    },
  }
}
