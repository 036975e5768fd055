import { asProviderError, type PluginContext, ProviderError } from '@kav/core'
import { type AudioReplay, createReopenPace, renewalOf } from '@kav/core/kit'
import { appendEvent } from '../append-audio.ts'
import type { RealtimeSocket } from './realtime-socket.ts'
import type { ServerEvent } from './server-event.ts'
import type { SpeechConversation } from './speech-conversation.ts'
import type { SpeechLife } from './speech-life.ts'
import { lostAtOnce, type SpeechLines } from './speech-lines.ts'

/** Attempts after a fault: at once, then three times after this pause. */
const RETRY_MS = 200
const RETRIES = 3
/** The connection is changed in mid-sentence rather than be closed by the server. */
const FORCE_AFTER_MS = 180_000
const RETRY_PLANNED_MS = 15_000
const BEFORE_EXPIRY_MS = 240_000
const REPLAY_PIECE_BYTES = 12_000

type Reason = 'session-limit' | 'fault'

/** The moves of one session from a connection to the next: planned ones in a quiet moment, others at once. */
export interface SpeechMoves {
  /** The first connection is in use. */
  begin(): void
  /** Until when the newest connection's session lasts, by the server's word (Unix seconds as they were sent). */
  noticeExpiry(expiresAtS: unknown): void
  /** After each event of the connection in use. */
  heard(event: ServerEvent): void
  /** Moves at once: the connection is gone. */
  now(reason: Reason): void
}

export interface SpeechMovesParts {
  readonly context: PluginContext
  readonly doing: string
  readonly maxSessionMs: number
  readonly life: SpeechLife
  readonly lines: SpeechLines
  readonly conversation: SpeechConversation
  readonly replay: AudioReplay
}

export function createSpeechMoves(parts: SpeechMovesParts): SpeechMoves {
  const { life, lines, conversation } = parts
  const { clock } = parts.context
  let moving = false
  let limitReached = false
  let cancelPlan: (() => void) | undefined
  const pace = createReopenPace()
  let lifeMs = parts.maxSessionMs

  function plan(): void {
    cancelPlan?.()
    pace.opened(clock.nowMs())
    cancelPlan = life.after(lifeMs, () => {
      limitReached = true
      cancelPlan = life.after(FORCE_AFTER_MS, () => void move('session-limit', true))
      whenQuiet()
    })
  }

  function whenQuiet(): void {
    if (lines.spare) return void (conversation.replying || change('session-limit', clock.nowMs()))
    if (!moving && conversation.quiet) void move('session-limit', false)
  }

  /** Opens the next connection and changes to it: at once when `force`, else when no reply is running. */
  async function move(reason: Reason, force: boolean): Promise<void> {
    if (life.isOver || (moving && !force)) return
    const startedMs = clock.nowMs()
    if (lines.spare && force) return change(reason, startedMs)
    if (moving) return
    moving = true
    const next = await openNext(parts, force, whenQuiet).finally(() => (moving = false))
    if (next === undefined) return
    if (life.isOver) return lines.discard(next)
    lines.keep(next)
    if (force || !lines.current || !conversation.replying) change(reason, startedMs)
  }

  function change(reason: Reason, startedMs: number): void {
    lines.change()
    limitReached = false
    conversation.putBack()
    repeatAudio(lines.current, parts.replay.kept())
    conversation.goOn()
    plan()
    parts.context.metrics.count('openai_realtime_reconnects_total', 1, { reason })
    life.events.push({ type: 'reconnected', reason, tookMs: clock.nowMs() - startedMs })
  }

  return {
    begin() {
      conversation.putBack()
      conversation.goOn()
      plan()
    },
    noticeExpiry(expiresAtS) {
      const rule = { ownLimitMs: parts.maxSessionMs, noticeMs: BEFORE_EXPIRY_MS }
      const { afterMs, doubt } = renewalOf(expiresAtS, clock.wallMs(), rule)
      if (doubt !== undefined) parts.context.metrics.count('openai_realtime_odd_expiry_total', 1, { doubt })
      lifeMs = afterMs
    },
    heard(event) {
      if (limitReached && event.type !== 'response.output_audio.delta') whenQuiet()
    },
    now(reason) {
      const pauseMs = pace.lost(clock.nowMs())
      if (pauseMs === undefined)
        life.die(new ProviderError('network', `${parts.doing}: every connection is lost at once`))
      else if (pauseMs === 0) void move(reason, true)
      else life.after(pauseMs, () => void (lines.current || move(reason, true)))
    },
  }
}

/** The next connection, tried again for a while; `undefined` when it is given up, or put off: `later` is called then. */
async function openNext(
  { life, lines, doing }: SpeechMovesParts,
  force: boolean,
  later: () => void,
): Promise<RealtimeSocket | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      const next = await lines.open()
      if (lines.isLost(next)) throw lostAtOnce(doing)
      return next
    } catch (thrown) {
      const error = asProviderError(thrown, doing)
      if (life.isOver) return undefined
      // The old connection still serves; the plan's force comes later.
      if (lines.current && !force) {
        life.after(RETRY_PLANNED_MS, later)
        return undefined
      }
      if (attempt === RETRIES || !error.retryable) {
        life.die(error)
        return undefined
      }
      await life.pause(RETRY_MS)
    }
  }
}

function repeatAudio(line: RealtimeSocket | undefined, kept: Uint8Array): void {
  for (let at = 0; at < kept.length; at += REPLAY_PIECE_BYTES) {
    line?.send(appendEvent(kept.subarray(at, at + REPLAY_PIECE_BYTES)))
  }
}
