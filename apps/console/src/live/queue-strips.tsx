import { Strip } from '../charts/strip.tsx'
import type { LiveCallWatch } from './live-call.ts'

/** Frames that wait on either side, and gaps in the agent's voice. */
export function QueueStrips({ watched }: { watched: LiveCallWatch }) {
  const level = watched.level.value
  const [seconds, rx, tx, underruns] = watched.history.columns()
  const total = level?.underruns ?? 0
  return (
    <section class="panel" aria-labelledby="queues-title">
      <header>
        <h2 id="queues-title">Queues and gaps</h2>
        <span class="soft">two minutes</span>
      </header>
      <div class="body strips">
        <Strip
          name="From the caller"
          now={framesOf(level?.rxQueue)}
          data={[seconds, rx]}
          revision={level}
          colour="caller"
          top={20}
        />
        <Strip
          name="To the caller"
          now={framesOf(level?.txQueue)}
          data={[seconds, tx]}
          revision={level}
          colour="accent"
          top={150}
        />
        <Strip
          name="Underruns"
          now={total === 1 ? '1 so far' : `${total} so far`}
          data={[seconds, underruns]}
          revision={level}
          colour="danger"
          top={2}
        />
      </div>
    </section>
  )
}

function framesOf(frames = 0): string {
  return frames === 1 ? '1 frame' : `${frames} frames`
}
