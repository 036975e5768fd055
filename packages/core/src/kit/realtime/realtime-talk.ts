import { bytesPerSecond } from '../../contracts/audio.ts'
import type { LlmMessage } from '../../contracts/llm.ts'
import type { RealtimeEvent, RealtimeSessionOptions } from '../../contracts/realtime.ts'
import { type AgentReplies, createAgentReplies } from './agent-replies.ts'
import { createAudioReplay } from './audio-replay.ts'
import { createCallerTurns } from './caller-turns.ts'
import { createConversationLedger } from './conversation-ledger.ts'

/** The longest turn of a caller that a new connection hears again. */
const REPLAY_MS = 30_000

/** What a new connection is owed, in the order in which it is sent. */
export interface OwedToService {
  /** Audio of the caller that no words stand for yet. Valid until the next write. */
  readonly audio: Uint8Array
  /** Texts that the host wants said, and nobody has heard. */
  readonly says: readonly string[]
  /** The caller waits for an answer that nothing of the above brings about. */
  readonly answer: boolean
}

/** One call's conversation, over all of its connections. It knows nothing of sockets. */
export interface RealtimeTalk extends Pick<AgentReplies, 'said' | 'interrupt' | 'toolResult'> {
  /** What the service said. `false`: it does not fit what was said before, and is left out. */
  heard(event: RealtimeEvent): boolean
  wrote(audio: Uint8Array): void
  /** The connection is gone: what was open on it is closed. */
  lost(): void
  /** What the next connection is told first. */
  readonly conversation: readonly LlmMessage[]
  /** A connection is in use: what it is told next. */
  takeOwed(): OwedToService
}

export function createRealtimeTalk(
  { format, history }: RealtimeSessionOptions,
  push: (event: RealtimeEvent) => void,
): RealtimeTalk {
  const bytesPerMs = bytesPerSecond(format) / 1000
  const replay = createAudioReplay(REPLAY_MS * bytesPerMs)
  const turns = createCallerTurns(replay, bytesPerMs)
  const ledger = createConversationLedger(history)
  const agent = createAgentReplies(ledger, bytesPerMs, push)
  // Services name the items of a turn late or never.
  let turn = 0

  return {
    said: agent.said,
    interrupt: agent.interrupt,
    toolResult: agent.toolResult,
    heard(event) {
      switch (event.type) {
        case 'speech-started':
          push({ ...event, atMs: turns.started(event.atMs) })
          return true
        case 'speech-stopped':
          push({ ...event, atMs: turns.stopped(String(turn), event.atMs) })
          turns.committed(String(turn))
          return true
        case 'caller-partial':
          ledger.callerSpoke(event.itemId)
          push(event)
          return true
        case 'caller-final':
          ledger.callerText(event.itemId, event.text)
          turns.committed(String(turn))
          turns.written(String(turn++))
          push(event)
          return true
        case 'usage':
          push(event)
          return true
        case 'reconnected':
          return false
        default:
          return agent.heard(event)
      }
    },
    wrote(audio) {
      replay.push(audio)
      turns.wrote()
    },
    lost() {
      if (turns.speaking) push({ type: 'speech-stopped', atMs: replay.endBytes / bytesPerMs })
      agent.lost()
    },
    get conversation() {
      return ledger.messages()
    },
    takeOwed() {
      const isUnheard = turns.speaking || turns.unwritten > 0
      turns.restart()
      const rehears = ledger.forgetUnwritten() > 0 || isUnheard
      const owed = agent.takeOwed()
      return { audio: replay.kept(), says: agent.says, answer: owed && !rehears }
    },
  }
}
