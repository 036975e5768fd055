import { heardAfterMs, waterfallOf } from '../conversation/waterfall.ts'
import { WaterfallBars } from '../conversation/waterfall.tsx'
import type { LiveCallState, LiveTurn } from './live-call-state.ts'

/** The last turn: where the time went between the caller's last word and the agent's first in their ear. */
export function RunningTurn({ state }: { state: LiveCallState }) {
  const turn = state.turns.at(-1)
  return (
    <section class="panel" aria-labelledby="turn-title">
      <header>
        <h2 id="turn-title">This turn</h2>
        <span class="soft">from the end of the caller’s speech</span>
      </header>
      <div class="body">
        {turn === undefined ? (
          <p class="soft">No turn was answered yet.</p>
        ) : (
          <WaterfallBars waterfall={waterfallOf(turn.fields, heardOf(turn, state))} scaleMs={1000} />
        )}
      </div>
    </section>
  )
}

/** By the playout clock once the voice has ended; until then by the first level that tells of heard words. */
function heardOf({ fields, atMs, heardAtMs }: LiveTurn, { agentVoice }: LiveCallState): number | undefined {
  const settled = heardAfterMs(fields, atMs, agentVoice)
  if (settled !== undefined || heardAtMs === undefined) return settled
  const frameMs = fields.first_frame_ms
  return typeof frameMs === 'number' ? Math.round(heardAtMs - atMs + frameMs) : undefined
}
