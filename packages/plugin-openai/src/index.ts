import type { AnyPlugin } from '@kav/core'
import { openaiLlm } from './llm/llm.ts'

export { openaiLlm }

const plugins: readonly AnyPlugin[] = [openaiLlm as unknown as AnyPlugin]
export default plugins
