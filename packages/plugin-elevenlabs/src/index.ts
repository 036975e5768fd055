import type { AnyPlugin } from '@kav/core'
import { elevenlabsStt } from './stt/stt.ts'
import { elevenlabsTts } from './tts/tts.ts'

export { elevenlabsStt, elevenlabsTts }

/** One plugin of each kind; a pipeline names the package, and the stage picks the kind. */
const plugins: readonly AnyPlugin[] = [elevenlabsStt, elevenlabsTts]
export default plugins
