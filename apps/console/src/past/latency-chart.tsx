import type { Step } from '../conversation/waterfall.ts'
import { latencyOf } from '../text/format.ts'
import type { Player } from './player.ts'
import type { TimedTurn } from './turn-latencies.ts'

const STEPS: readonly { readonly step: Step; readonly name: string }[] = [
  { step: 'turn-end', name: 'turn end' },
  { step: 'first-token', name: 'first token' },
  { step: 'first-audio', name: 'first audio' },
  { step: 'first-frame', name: 'first frame' },
  { step: 'heard', name: 'heard' },
]

/** Each turn as one bar: what of the wait each step was. A click plays from the end of the caller's words. */
export function LatencyChart({ turns, player }: { turns: readonly TimedTurn[]; player: Player }) {
  const wholeMs = Math.max(1, ...turns.map(({ totalMs }) => totalMs))
  return (
    <section class="panel" aria-labelledby="latency-title">
      <header>
        <h2 id="latency-title">How long the caller waited</h2>
      </header>
      <div class="body column">
        {turns.length === 0 && <p class="soft">No turn was answered.</p>}
        <div class="turn-bars">
          {turns.map((turn) => (
            <button
              class="turn-bar"
              type="button"
              key={turn.turn}
              onClick={() =>
                turn.speechEndMs !== undefined && player.seek(turn.speechEndMs - 1500, { play: true })
              }
            >
              <span class="soft">Turn {turn.turn}</span>
              <span class="track">
                {turn.bars
                  .filter(({ early }) => !early)
                  .map(({ step, startMs, endMs }) => (
                    <span
                      key={step}
                      class={`bar step-${step}`}
                      style={{
                        insetInlineStart: `${(startMs / wholeMs) * 100}%`,
                        width: `${((endMs - startMs) / wholeMs) * 100}%`,
                      }}
                    />
                  ))}
              </span>
              <span class="ms number">{latencyOf(turn.totalMs)}</span>
              <span class="only-heard">{stepsOf(turn)}</span>
            </button>
          ))}
        </div>
        {turns.length > 0 && (
          <p class="legend">
            {STEPS.map(({ step, name }) => (
              <span key={step}>
                <span class={`swatch step-${step}`} aria-hidden="true" />
                {name}
              </span>
            ))}
          </p>
        )}
      </div>
    </section>
  )
}

function stepsOf({ bars }: TimedTurn): string {
  const steps = bars.map(
    ({ label, endMs, early }) => `${label.toLowerCase()} ${latencyOf(endMs)}${early ? ', early' : ''}`,
  )
  return `: ${steps.join(', ')}. Play it`
}
