import type { AnyPlugin } from '@kav/core'
import { openaiLlm } from './llm/llm.ts'
import { openaiRealtime } from './realtime/realtime.ts'
import { openaiStt } from './stt/stt.ts'
import { openaiTts } from './tts/tts.ts'

export { openaiLlm, openaiRealtime, openaiStt, openaiTts }

/** One plugin of each kind; a pipeline names the package, and the stage picks the kind. */
const plugins: readonly AnyPlugin[] = [openaiLlm, openaiTts, openaiStt, openaiRealtime]
export default plugins
