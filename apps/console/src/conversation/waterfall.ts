import type { TurnLatency, VoiceSpan } from '@kav/client'

/** As an event brings it: what is no number is no step. */
export type TurnFields = { readonly [Name in keyof TurnLatency]?: unknown }

export type Step = 'turn-end' | 'first-token' | 'first-audio' | 'first-frame' | 'heard'

export interface WaterfallBar {
  readonly step: Step
  readonly label: string
  /** Ms from the end of the caller's speech. */
  readonly startMs: number
  readonly endMs: number
  /** It was reached before what it would follow: the answer was prepared while the caller's turn was not surely over. */
  readonly early: boolean
}

export interface Waterfall {
  readonly turn: number
  /** In the order in which a turn passes them; a step that did not happen is absent. */
  readonly bars: readonly WaterfallBar[]
  /** The latest moment reached. */
  readonly totalMs: number
  /** From the end of the caller's speech until the agent is in their ear, where that is known. */
  readonly heardMs?: number
}

const STEPS = [
  { step: 'turn-end', field: 'turn_end_ms', label: 'Turn end' },
  { step: 'first-token', field: 'first_token_ms', label: 'First token' },
  { step: 'first-audio', field: 'first_audio_ms', label: 'First audio' },
  { step: 'first-frame', field: 'first_frame_ms', label: 'First frame' },
] as const

/**
 * The steps of one turn, each a bar from where the latest of those before it ended. One that was early is a bar that
 * ends there and begins at nothing: so the bars that are not early add up to the whole.
 */
export function waterfallOf(fields: TurnFields, heardMs?: number): Waterfall {
  const bars: WaterfallBar[] = []
  let reached = 0
  const add = (step: Step, label: string, endMs: number): void => {
    const early = endMs < reached
    bars.push({ step, label, startMs: early ? 0 : reached, endMs, early })
    reached = Math.max(reached, endMs)
  }
  for (const { step, field, label } of STEPS) {
    const at = fields[field]
    if (typeof at === 'number') add(step, label, at)
  }
  if (heardMs !== undefined) add('heard', 'Heard', Math.max(heardMs, reached))
  return {
    turn: typeof fields.turn === 'number' ? fields.turn : 0,
    bars,
    totalMs: reached,
    ...(heardMs !== undefined && { heardMs }),
  }
}

/** How much later than it was sent a first frame can still be taken for the beginning of that voice. */
const HEARD_WITHIN_MS = 2000

/**
 * From the end of the caller's speech until the agent was in their ear.
 * @param latencyAtMs when `turn_latency` was told: with the first frame
 * @param voice when the agent was in the caller's ear, by the playout clock
 */
export function heardAfterMs(
  fields: TurnFields,
  latencyAtMs: number,
  voice: readonly VoiceSpan[],
): number | undefined {
  const frameMs = fields.first_frame_ms
  if (typeof frameMs !== 'number') return undefined
  const speechEndMs = latencyAtMs - frameMs
  // The clock of the playout is rounded up to whole frames.
  const span = voice.find(
    ({ startMs }) => startMs >= latencyAtMs - 40 && startMs - latencyAtMs < HEARD_WITHIN_MS,
  )
  return span === undefined ? undefined : Math.round(span.startMs - speechEndMs)
}
