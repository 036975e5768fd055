import { useComputed } from '@preact/signals'
import { AgentWords } from '../conversation/agent-words.tsx'
import { splitHeard } from '../conversation/heard-text.ts'
import { Legend } from '../conversation/legend.tsx'
import { clockOf } from '../text/format.ts'
import { SpokenText } from '../text/spoken-text.tsx'
import { lineAt, type TimedLine } from './line-times.ts'
import type { Player } from './player.ts'

/** What was said. A line is a button that plays it; the one that is heard now is marked. */
export function CallTranscript({ lines, player }: { lines: readonly TimedLine[]; player: Player }) {
  const current = useComputed(() => (player.isPlaying.value ? lineAt(lines, player.atMs.value) : -1)).value
  return (
    <section class="panel" aria-labelledby="transcript-title">
      <header>
        <h2 id="transcript-title">Transcript</h2>
        <Legend />
      </header>
      {lines.length === 0 ? (
        <p class="empty">Nothing of what was said is kept.</p>
      ) : (
        <ol class="lines call-lines">
          {lines.map((line, index) => (
            <li key={`${line.who}-${line.atMs}`}>
              <button
                class={`line line-at ${line.who}`}
                type="button"
                aria-current={index === current ? 'true' : undefined}
                onClick={() => player.seek(line.startMs, { play: true })}
              >
                <span class="at number">
                  <span class="only-heard">Play from </span>
                  {clockOf(line.startMs)}
                </span>
                <span class="who">{line.who === 'caller' ? 'Caller' : 'Agent'}</span>
                <span class="words" dir="auto">
                  {line.who === 'caller' ? (
                    <SpokenText text={line.text} />
                  ) : (
                    <AgentWords words={splitHeard(line.text, line.heard)} />
                  )}
                </span>
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
