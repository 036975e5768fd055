import { latencyOf } from '../text/format.ts'
import type { Waterfall } from './waterfall.ts'

/** One turn, from the end of the caller's speech to the agent in their ear: a table that is drawn as bars. */
export function WaterfallBars({ waterfall, scaleMs }: { waterfall: Waterfall; scaleMs?: number }) {
  const wholeMs = Math.max(scaleMs ?? 0, waterfall.totalMs, 1)
  return (
    <div
      class="waterfall"
      role="table"
      aria-label={`Steps of turn ${waterfall.turn} since the caller’s speech ended`}
    >
      {waterfall.bars.map(({ step, label, startMs, endMs, early }) => (
        <div role="row" key={step}>
          <span role="rowheader">{label}</span>
          <span class="track" role="presentation">
            <span
              class={`bar step-${step} ${early ? 'early' : ''}`}
              style={{
                insetInlineStart: `${(startMs / wholeMs) * 100}%`,
                width: `${((endMs - startMs) / wholeMs) * 100}%`,
              }}
            />
          </span>
          <span role="cell" class="ms number">
            {latencyOf(endMs)}
            {early && (
              <>
                {' '}
                <span title="The answer was prepared before the turn had surely ended">early</span>
              </>
            )}
          </span>
        </div>
      ))}
    </div>
  )
}
