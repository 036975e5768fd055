import { messageOf } from '@kav/core'
import type { PlaceAnswer, PlaceAsk } from '../live/place-ask.ts'
import type { Line } from './line.ts'
import type { RunningPipeline } from './running-pipeline.ts'

/**
 * Places calls. Whether there is room is asked before the carrier is, and once more when the callee has answered and the
 * call comes: in between nothing is held for it.
 *
 * @param find a pipeline that takes new calls, and what brings its calls
 */
export function createOutboundDoor(
  find: (pipeline: string) => { readonly running: RunningPipeline; readonly line: Line } | undefined,
): (ask: PlaceAsk) => Promise<PlaceAnswer> {
  return async ({ pipeline, to, from, values }) => {
    const found = find(pipeline)
    if (found === undefined) return { refused: 'unknown-pipeline' }
    const { running, line } = found
    if (line.place === undefined) return { refused: 'no-outbound' }
    const { refusing } = running.admission
    if (refusing !== undefined) return { refused: refusing }
    const shown = from ?? running.loaded.config.numbers?.[0]
    if (shown === undefined) return { refused: 'no-from' }
    try {
      return await line.place({ pipeline, to, from: shown, values })
    } catch (error) {
      return { refused: 'carrier', message: messageOf(error) }
    }
  }
}
