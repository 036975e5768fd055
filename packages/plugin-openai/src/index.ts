import type { AnyPlugin } from '@kav/core'
import { openaiLlm } from './llm/llm.ts'
import { openaiTts } from './tts/tts.ts'

export { openaiLlm, openaiTts }

/** One plugin of each kind; a pipeline names the package and the stage picks the kind. */
const plugins: readonly AnyPlugin[] = [openaiLlm, openaiTts] as unknown as AnyPlugin[]
export default plugins
