import type { ExpectedAnswer } from '../../language/answers/expected-answer.ts'
import type { CallSettings } from '../call-settings.ts'

/** What the silence is waited out for: an answer of this kind, or (`hold`) a caller who asked for a moment. */
export type Awaited = ExpectedAnswer['kind'] | 'hold'

export interface IdlePatience {
  /** Silence of both sides. 0: the caller is never asked. */
  readonly afterMs: number
  readonly prompts: readonly string[]
}

/** What has to be looked up or spelled out takes its time; in shares of `idle.after_ms`. */
const SHARES: Readonly<Record<ExpectedAnswer['kind'], number>> = {
  'yes-no': 1,
  name: 1,
  time: 1,
  open: 1,
  date: 1.5,
  digits: 2,
}

/** How long an idle caller is left alone, and what they are asked then. `asked`: how often they were, so far. */
export function idlePatience(
  awaited: Awaited,
  asked: number,
  { afterMs, prompts, holdMs, byQuestion }: CallSettings['conversation']['idle'],
): IdlePatience {
  if (afterMs === 0) return { afterMs, prompts }
  // Whoever asked for a moment has had it once they were asked.
  if (awaited === 'hold') return { afterMs: asked === 0 ? Math.max(afterMs, holdMs ?? 0) : afterMs, prompts }
  const own = byQuestion?.[awaited]
  return {
    afterMs: own?.afterMs ?? Math.round(afterMs * SHARES[awaited]),
    prompts: own?.prompts ?? prompts,
  }
}
