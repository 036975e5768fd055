import type { CallEvent } from '@kav/core/host'

/** A stretch of a recording that must not be heard. Times since the call began; both may be infinite. */
export interface PrivateStretch {
  readonly side: 'caller' | 'agent'
  readonly fromMs: number
  readonly toMs: number
}

/** Learns from a call's events what of its recording must not be heard. */
export interface PrivateStretches {
  onEvent(event: CallEvent): void
  /**
   * Of a call that is over. Of one that was killed, also what nobody had judged yet: the caller's words since their
   * last settled ones, and what the agent says since `knownMs`, the last moment that is known of the call.
   */
  stretches(killed?: { readonly knownMs: number }): readonly PrivateStretch[]
}

interface Found {
  readonly who: 'caller' | 'agent'
  readonly fromMs: number
  /** Absent: until the agent is done. */
  readonly toMs?: number
  /** By the times of its words. */
  readonly byWords: boolean
  readonly turn: number
  /** Of the agent's: what is told of the same number again stands in its place. */
  readonly sound: number | undefined
  /** When it was told. */
  readonly atMs: number
}

/** More than any call has; what is beyond makes the whole recording private. */
const MAX_FOUND = 5000
const MAX_VOICES = 10_000
/** A voice is told from when it is sure: it began a little before. Words end a little behind their voice. */
const BEFORE_VOICE_MS = 500
const BEFORE_WORDS_MS = 300
const BEHIND_WORDS_MS = 200
/** How exact the times of words are: recognisers count in tenths, and a recording evens out how audio arrives. */
const MARGIN_MS = 300
/** What was sent may still be on its way to the ear when the reply is told to be over. */
const BEHIND_REPLY_MS = 500

const AGENT_BEGINS: ReadonlySet<string> = new Set(['reply_started', 'greeting_queued'])
const AGENT_ENDS: ReadonlySet<string> = new Set([
  'reply_ended',
  'reply_dropped',
  'greeting_end',
  'prompt_ended',
  'interrupted',
])
/** What nobody had judged is behind the last of these. A turn may end before its words are settled. */
const WORDS: ReadonlySet<string> = new Set(['final', 'stt_final_unclear'])

export function createPrivateStretches(): PrivateStretches {
  const found: Found[] = []
  const voices: { readonly startMs: number; readonly endMs: number }[] = []
  /** When the agent fell silent, in order. */
  const ends: { readonly atMs: number; readonly turn: unknown }[] = []
  let wordsMs: number | undefined
  let agentMs: number | undefined
  /** The agent is heard on the caller's side, too: a loud phone. */
  let hasEcho = false
  let tooMany = false

  function caller({ fromMs, toMs = Infinity, byWords }: Found): PrivateStretch {
    if (byWords) return { side: 'caller', fromMs: fromMs - MARGIN_MS, toMs: toMs + MARGIN_MS }
    const voice = voices.find(({ startMs, endMs }) => endMs >= fromMs && startMs <= toMs)
    const start = voice === undefined ? -Infinity : voice.startMs - BEFORE_VOICE_MS
    return {
      side: 'caller',
      // A recording may begin a little before its call.
      fromMs: fromMs === 0 ? -Infinity : Math.max(fromMs - BEFORE_WORDS_MS, start),
      toMs: toMs + BEHIND_WORDS_MS,
    }
  }

  function agentTimes({ fromMs, toMs, turn, atMs }: Found): Pick<PrivateStretch, 'fromMs' | 'toMs'> {
    if (toMs !== undefined) return { fromMs: fromMs - MARGIN_MS, toMs: toMs + MARGIN_MS }
    const end = ends.find((one) => one.atMs >= atMs && one.turn === turn)
    return { fromMs, toMs: end === undefined ? Infinity : end.atMs + BEHIND_REPLY_MS }
  }

  function agent(one: Found): PrivateStretch[] {
    const { fromMs, toMs } = agentTimes(one)
    // An echo comes a little later; that of a whole reply lies within it.
    const echoMs = one.toMs === undefined ? 0 : BEHIND_REPLY_MS
    const sides = hasEcho ? (['agent', 'caller'] as const) : (['agent'] as const)
    return sides.map((side) => ({ side, fromMs, toMs: side === 'caller' ? toMs + echoMs : toMs }))
  }

  return {
    onEvent({ event, atMs, fields }) {
      if (event === 'redacted') {
        const { who, from_ms: fromMs, to_ms: toMs } = fields
        const isFound = (who === 'caller' || who === 'agent') && typeof fromMs === 'number'
        if (!isFound || found.length >= MAX_FOUND) return void (tooMany = true)
        const sound = typeof fields['sound'] === 'number' ? fields['sound'] : undefined
        const known = sound === undefined ? -1 : found.findIndex((one) => one.sound === sound)
        found.splice(known < 0 ? found.length : known, known < 0 ? 0 : 1, {
          who,
          fromMs,
          byWords: fields['by'] === 'words',
          sound,
          turn: Number(fields['turn'] ?? 0),
          atMs,
          ...(typeof toMs === 'number' && { toMs }),
        })
      } else if (event === 'caller_voice') {
        const { start_ms: startMs, end_ms: endMs } = fields
        if (typeof startMs === 'number' && typeof endMs === 'number') voices.push({ startMs, endMs })
        if (voices.length > MAX_VOICES) voices.shift()
      } else if (event === 'echo_found') hasEcho = true
      else if (WORDS.has(event)) wordsMs = typeof fields['ended_ms'] === 'number' ? fields['ended_ms'] : atMs
      else if (AGENT_BEGINS.has(event)) agentMs ??= atMs
      else if (AGENT_ENDS.has(event)) {
        agentMs = undefined
        if (found.length > 0) ends.push({ atMs, turn: fields['turn'] })
      }
    },
    stretches(killed) {
      const all = (side: 'caller' | 'agent', fromMs = -Infinity) => ({ side, fromMs, toMs: Infinity })
      if (tooMany) return [all('caller'), all('agent')]
      const known = found.flatMap((one) => (one.who === 'caller' ? [caller(one)] : agent(one)))
      if (killed === undefined) return known
      return [...known, all('caller', wordsMs), all('agent', Math.min(agentMs ?? Infinity, killed.knownMs))]
    },
  }
}
