import { fileURLToPath } from 'node:url'
import { framesOf } from '../../../contracts/stack-frames.ts'
import { placeInFrames } from '../../../plugins/source-place.ts'

const CORE_FOLDER = fileURLToPath(new URL('../../..', import.meta.url))

/** Whose code threw it: the first frame in a file that is not the core's. */
export function placeOutside(thrown: Error): string | undefined {
  return placeInFrames(framesOf(thrown).filter((frame) => !frame.includes(CORE_FOLDER)))
}
