import { randomUUID } from 'node:crypto'
import { type Clock, isProviderError, messageOf, type Metrics, type OutboundCall } from '@kav/core'
import { delay } from '@kav/core/kit'
import type { PlaceAnswer, PlaceAsk } from '../live/place-ask.ts'
import type { Line } from './line.ts'
import type { OutboundLinks } from '../admission/outbound-links.ts'
import type { RunningPipeline } from './running-pipeline.ts'

/** Who waits longer than that for his turn is told to come again. */
const MAX_WAIT_MS = 5000
/** After the carrier has said that there are too many; twice as long each time. */
const FIRST_PAUSE_MS = 500
/** The end of a call is told some seconds after it. */
const RING_SLACK_MS = 30_000

interface OutboundParts {
  readonly outbound: OutboundLinks
  readonly clock: Clock
  readonly metrics: Metrics
}

/**
 * Places calls, each in its turn. It has its room from before the carrier is asked until somebody answers, or nobody
 * does: within the limits of the pipeline, the number and the fleet.
 *
 * @param find a pipeline that takes new calls, and what brings its calls
 */
export function createOutboundDoor(
  find: (pipeline: string) => { readonly running: RunningPipeline; readonly line: Line } | undefined,
  parts: OutboundParts,
): (ask: PlaceAsk) => Promise<PlaceAnswer> {
  return async ({ pipeline, to, from, values }) => {
    const found = find(pipeline)
    if (found === undefined) return { refused: 'unknown-pipeline' }
    const { running, line } = found
    if (line.place === undefined) return { refused: 'no-outbound' }
    const shown = from ?? running.loaded.config.numbers?.[0]
    if (shown === undefined) return { refused: 'no-from' }
    const room = await running.admission.ring({ id: `order-${randomUUID()}`, from: shown, to, pipeline })
    if ('refused' in room) return room
    const answer = await orderInTurn(line, { pipeline, to, from: shown, values }, parts)
    if ('refused' in answer) room.release()
    else room.ordered(answer.id, line.placing.ringMs + RING_SLACK_MS)
    return answer
  }
}

/** Never rejects. */
async function orderInTurn(line: Line, call: OutboundCall, parts: OutboundParts): Promise<PlaceAnswer> {
  const { outbound, clock, metrics } = parts
  const { account, perSecond } = line.placing
  const pace = { burst: Math.max(1, Math.floor(perSecond)), perSecond }
  const endMs = clock.nowMs() + MAX_WAIT_MS
  let pauseMs = FIRST_PAUSE_MS
  for (;;) {
    const turn = await Promise.resolve(outbound.pace(`outbound ${account}`, pace)).catch(() => undefined)
    if (turn === undefined) return { refused: 'draining' }
    let waitMs = turn.go ? 0 : turn.retryInMs
    if (turn.go) {
      try {
        return await line.place!(call)
      } catch (error) {
        if (!isTooMany(error)) return { refused: 'carrier', message: messageOf(error) }
        metrics.count('calls_paced_by_carrier_total')
        waitMs = pauseMs
        pauseMs *= 2
      }
    }
    if (clock.nowMs() + waitMs > endMs) return { refused: 'too-soon' }
    await delay(clock, waitMs)
  }
}

/** It was not done, and will be a little later. */
function isTooMany(error: unknown): boolean {
  return isProviderError(error) && error.class === 'quota'
}
