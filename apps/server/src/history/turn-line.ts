/** In the order in which a turn passes them, as the bars of the console have them. */
const STEPS = [
  ['turn_end_ms', 'until the turn was over'],
  ['first_token_ms', 'until the model began'],
  ['first_audio_ms', 'until the voice began'],
  ['first_frame_ms', 'until it was sent'],
] as const

/**
 * Where the time of one turn went, from the end of the caller's speech: `turn 2   1180 ms: 524 until the turn was over,
 * 410 until the model began, …`. A step that was reached before the one it would follow was done early: the answer was
 * prepared while the turn was not surely over.
 */
export function turnLine(turn: Readonly<Record<string, unknown>>): string {
  let reached = 0
  const parts: string[] = []
  for (const [field, words] of STEPS) {
    const at = turn[field]
    if (typeof at !== 'number') continue
    parts.push(at < reached ? `${words}: early, at ${at}` : `${at - reached} ${words}`)
    reached = Math.max(reached, at)
  }
  const name = `turn ${String(turn['turn'] ?? '')}`.trim()
  return parts.length === 0
    ? `${name}: no answer`
    : `${name}: ${reached} ms after the caller: ${parts.join(', ')}`
}
