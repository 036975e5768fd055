import { definePlugin } from '@kav/core'
import { scriptedParams } from './params.ts'
import { createScriptedProvider } from './provider.ts'

/** Answers from a written script, without a key or a network. */
export const localLlm = definePlugin({
  kind: 'llm',
  name: 'scripted',
  description: 'A written conversation: intents, slots, fallbacks and tool calls from a YAML file.',
  params: scriptedParams,
  create: (params, context) => createScriptedProvider(params, context),
})
