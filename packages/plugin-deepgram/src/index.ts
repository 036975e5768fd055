import type { AnyPlugin } from '@kav/core'
import { deepgramStt } from './stt/stt.ts'
import { deepgramTts } from './tts/tts.ts'

export { deepgramStt, deepgramTts }

/** One plugin of each kind; a pipeline names the package, and the stage picks the kind. */
const plugins: readonly AnyPlugin[] = [deepgramStt, deepgramTts]
export default plugins
