import type { LlmEvent, LlmMessage, LlmRequest, LlmTool, PluginContext } from '@kav/core'
import { testContext, testParams } from '@kav/core/testing'
import { afterEach } from 'vitest'
import { openaiLlm } from '../src/llm/llm.ts'
import { openaiStt } from '../src/stt/stt.ts'
import { openaiTts } from '../src/tts/tts.ts'
import { type LoopbackOpenai, openLoopbackOpenai } from '../src/testing/index.ts'

export { collect, rejection } from '@kav/core/testing'

/** Closes what a test opened, in reverse order, after it. */
const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

export function closeAfterTest(close: () => Promise<unknown>): void {
  opened.push(close)
}

export async function loopback(): Promise<LoopbackOpenai> {
  const server = await openLoopbackOpenai()
  closeAfterTest(() => server.close())
  return server
}

type Server = Pick<LoopbackOpenai, 'baseUrl'>

export function llmFor(
  server: Server,
  given: Record<string, unknown> = {},
  context: PluginContext = testContext(),
) {
  return openaiLlm.create(testParams(openaiLlm.params, at(server, given)), context)
}

export function ttsFor(
  server: Server,
  given: Record<string, unknown> = {},
  context: PluginContext = testContext(),
) {
  return openaiTts.create(testParams(openaiTts.params, at(server, given)), context)
}

export function sttFor(
  server: Server,
  given: Record<string, unknown> = {},
  context: PluginContext = testContext(),
) {
  return openaiStt.create(testParams(openaiStt.params, at(server, given)), context)
}

/** `llmFor`, closed after the test. */
export function llmAt(
  server: Server,
  given: Record<string, unknown> = {},
  context: PluginContext = testContext(),
) {
  const llm = llmFor(server, given, context)
  closeAfterTest(() => llm.close())
  return llm
}

function at(server: Server, given: Record<string, unknown>) {
  return { base_url: server.baseUrl, api_key: 'sk-test-secret', ...given }
}

export function ask(text: string, tools: readonly LlmTool[] = []): LlmRequest {
  return { callId: 'call-1', messages: [{ role: 'user', content: text }], tools }
}

export function asking(messages: readonly LlmMessage[], tools: readonly LlmTool[] = []): LlmRequest {
  return { callId: 'call-1', messages, tools }
}

export function textOf(events: readonly LlmEvent[]): string {
  return events.map((event) => (event.type === 'text' ? event.text : '')).join('')
}

export const weatherTool: LlmTool = {
  name: 'weather',
  description: 'Weather of a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

export const never: AbortSignal = new AbortController().signal
