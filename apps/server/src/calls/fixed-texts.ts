import {
  type CallSettings,
  fillerTexts,
  idlePrompts,
  type PipelineConfig,
  prepareForSpeech,
} from '@kav/core/host'

/**
 * What every call of a pipeline may say in the same words, as it is written. A text with values of the call in it is
 * different on every call.
 */
export function fixedTexts(
  { conversation }: CallSettings,
  tools: PipelineConfig['tools'],
): readonly string[] {
  const { greeting, fallbackLine, transferFailedLine, unclear, giveUp, idle } = conversation
  const transferTexts = tools.transfer === undefined ? [] : [transferFailedLine]
  const hasSlowTools = tools.http.length + tools.plugins.length + tools.mcp.length > 0
  const ownFillers = tools.mcp.flatMap(({ filler }) => (filler && filler.after_ms > 0 ? filler.texts : []))
  const fillers = hasSlowTools ? [...conversation.tools.fillerTexts, ...ownFillers] : []
  const idleTexts = idle.afterMs > 0 ? [...idlePrompts(idle), idle.farewell] : []
  const lastWords = giveUp ? [giveUp.say] : []
  const lines = [
    greeting,
    fallbackLine,
    unclear.line,
    ...transferTexts,
    ...lastWords,
    ...idleTexts,
    ...fillers,
    ...fillerTexts(conversation, conversation.language),
  ]
  return [...new Set(lines)]
    .filter((text) => !text.includes('{{'))
    .map((text) => prepareForSpeech(text, { urls: conversation.speechText.urls }))
    .filter((text) => text !== '')
}
