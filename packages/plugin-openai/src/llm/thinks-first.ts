import type { LlmProvider } from '@kav/core'
import type { LlmParams } from './llm-params.ts'

/**
 * Families whose chat template writes the opening tag of a thought itself: without a reasoning parser at the server
 * only the closing one comes. Whether they think at all may depend on the request, so that answers may tell otherwise.
 */
const OPENED_BY_TEMPLATE: readonly RegExp[] = [
  /deepseek-?r1|r1-(?:distill|zero|0528)/,
  /\bqwq/,
  /thinking|qwen-?3\.5/,
  /nemotron.{0,40}reason|nemotron-3/,
  /glm-z1/,
  /minimax-m[2-9]/,
  /exaone-deep/,
  /step-?3/,
  /olmo-?3\b/,
  /skywork-or1|openthinker|intellect-2|mimo-7b-rl/,
]

export function thinksFirst({
  reasoning,
  model,
  base_url: baseUrl,
}: Pick<LlmParams, 'reasoning' | 'model' | 'base_url'>): Pick<LlmProvider, 'thinksFirst'> {
  if (reasoning !== 'auto') return { thinksFirst: reasoning === 'opens_inside' }
  // OpenAI's own servers keep thoughts apart: no first word has to wait.
  if (new URL(baseUrl).host === 'api.openai.com') return { thinksFirst: false }
  const name = model.toLowerCase()
  return OPENED_BY_TEMPLATE.some((family) => family.test(name)) ? { thinksFirst: 'likely' } : {}
}
