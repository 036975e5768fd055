import type { Clock } from '../../contracts/clock.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { type Reply, type ReplyParts, startReply } from './reply.ts'
import { createTurnLatency, type TurnLatency } from './turn-latency.ts'

export interface MadeReply {
  readonly reply: Reply
  readonly latency: TurnLatency
}

/** Makes replies, and keeps the one that is made before its turn has surely ended. */
export interface PreparedReply {
  /** Begins a reply that is neither heard nor remembered until it is taken. */
  prepare(text: string): void
  discard(): void
  /** The turn has ended: the reply to it, begun now if none was prepared. `speechEndMs`: as `speechEndOf` gives it. */
  take(turn: number, speechEndMs: number | undefined): MadeReply
  /** The caller's last voiced audio; `undefined`: nobody's voice was heard with the words that come now. */
  speechEnded(nowMs: number | undefined): void
  /** When the caller's voice ended in this turn, which has ended; absent where none was heard in it. */
  speechEndOf(turn: number): number | undefined
}

export function createPreparedReply(parts: {
  reply: ReplyParts
  clock: Clock
  telemetry: CallTelemetry
  onSpeaking: () => void
}): PreparedReply {
  const { telemetry } = parts
  let prepared: MadeReply | undefined
  /** The last one that was taken, until it is done: the tools of one that was cut short are still to be answered. */
  let former: Reply | undefined
  let turn = 0
  /** Of the turn that has ended last, and since then. */
  let ended: { readonly turn: number; readonly speechEndMs: number | undefined } | undefined
  let speechEndMs: number | undefined

  function make(forTurn: number, pendingUser?: string): MadeReply {
    const latency = createTurnLatency(forTurn, parts)
    return { latency, reply: startReply(forTurn, parts.reply, latency.handlers, pendingUser, former) }
  }

  return {
    prepare(text) {
      prepared = make(turn + 1, text)
    },
    discard() {
      if (!prepared) return
      telemetry.preparedDiscarded(prepared.reply.tokens())
      prepared.reply.cancel('other')
      prepared = undefined
    },
    take(forTurn, spokenUntilMs) {
      turn = forTurn
      const made = prepared ?? make(forTurn)
      const { reply } = made
      prepared = undefined
      former = reply
      void reply.done.finally(() => {
        if (former === reply) former = undefined
      })
      made.latency.turnEnded(spokenUntilMs)
      return made
    },
    speechEnded(nowMs) {
      speechEndMs = nowMs
    },
    speechEndOf(forTurn) {
      const before = ended?.turn === forTurn ? ended.speechEndMs : undefined
      ended = { turn: forTurn, speechEndMs: speechEndMs ?? before }
      speechEndMs = undefined
      return ended.speechEndMs
    },
  }
}
