import { llmContract, ttsContract } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import {
  chatText,
  chatToolCalls,
  type HttpScript,
  type LoopbackOpenai,
  openLoopbackOpenai,
} from '../src/testing/index.ts'
import { llmFor, ttsFor, weatherTool } from './setup.ts'

let server: LoopbackOpenai
const refused = { baseUrl: 'http://127.0.0.1:9/v1' }

beforeAll(async () => {
  server = await openLoopbackOpenai()
  server.always('/chat/completions', answer)
})
afterAll(() => server.close())

/** A model that looks the weather up when it is asked for it, and talks otherwise. */
const answer: HttpScript = (exchange) => {
  const last = exchange.request.json.messages.at(-1)
  const call = { id: 'call_1', name: 'weather', arguments: '{"city":"Haifa"}' }
  if (last.role === 'tool') return chatText(['It is ', last.content, '.'])(exchange)
  if (/weather/.test(last.content)) return chatToolCalls([call])(exchange)
  return chatText(['I am ', 'the front ', 'desk.'])(exchange)
}

describe('the contract of llm', () => {
  const cases = llmContract({
    create: () => llmFor(server),
    createFailing: () => llmFor(refused),
    expected: /front desk/,
    toolCall: {
      messages: [{ role: 'user', content: 'What is the weather in Haifa?' }],
      tools: [weatherTool],
      result: () => '31 degrees',
      expected: /31 degrees/,
    },
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

describe('the contract of tts', () => {
  const cases = ttsContract({ create: () => ttsFor(server), createFailing: () => ttsFor(refused) })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
