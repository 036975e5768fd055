import type { LlmEvent, LlmMessage, LlmProvider, LlmTool, PluginContext } from '@kav/core'
import { testContext, testParams } from '@kav/core/testing'
import { afterEach } from 'vitest'
import { aiSdkLlm } from '../src/llm.ts'
import { type Loopback, openLoopback, type Script } from './loopback.ts'

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

export const SECRET = 'sk-ant-api03-verysecretkey'

export const weatherTool: LlmTool = {
  name: 'weather',
  description: 'Tells the weather of a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
}

/** Params of one provider whose server is at `url`. */
export const ANTHROPIC = (url: string) => ({
  package: '@ai-sdk/anthropic',
  model: 'claude-haiku-4-5',
  base_url: `${url}/v1`,
  api_key: SECRET,
})
export const GOOGLE = (url: string) => ({
  package: '@ai-sdk/google',
  model: 'gemini-3-flash',
  base_url: `${url}/v1beta`,
  api_key: SECRET,
})

export function createLlm(
  given: Readonly<Record<string, unknown>>,
  context: PluginContext = testContext(),
): LlmProvider {
  return aiSdkLlm.create(testParams(aiSdkLlm.params, given), context)
}

/** A server and a provider that asks it, both closed after the test. */
export async function talking(
  script: Script,
  paramsAt: (url: string) => Readonly<Record<string, unknown>> = ANTHROPIC,
  context: PluginContext = testContext(),
): Promise<{ readonly server: Loopback; readonly llm: LlmProvider }> {
  const server = await openLoopback(script)
  const llm = createLlm(paramsAt(server.url), context)
  opened.push(
    () => server.close(),
    () => llm.close(),
  )
  return { server, llm }
}

export function asking(messages: readonly LlmMessage[], tools: readonly LlmTool[] = []) {
  return { callId: 'call-1', messages, tools }
}

export const HELLO = asking([{ role: 'user', content: 'Hello' }])

export async function collect(
  llm: LlmProvider,
  request = HELLO,
  signal = new AbortController().signal,
): Promise<LlmEvent[]> {
  const events: LlmEvent[] = []
  for await (const event of llm.reply(request, signal)) events.push(event)
  return events
}
