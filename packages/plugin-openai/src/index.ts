import type { AnyPlugin } from '@kav/core'
import { openaiLlm } from './llm/llm.ts'
import { openaiStt } from './stt/stt.ts'
import { openaiTts } from './tts/tts.ts'

export { openaiRealtime } from './realtime/realtime.ts'
export type * from './realtime/realtime-contract.ts'
export { openaiLlm, openaiStt, openaiTts }

/** One plugin of each kind; a pipeline names the package, and the stage picks the kind. */
const plugins: readonly AnyPlugin[] = [openaiLlm, openaiTts, openaiStt]
export default plugins
