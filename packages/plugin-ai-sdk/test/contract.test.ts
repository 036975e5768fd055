import { liveCheckContract, llmContract, testContext, testParams } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { aiSdkLlm } from '../src/llm.ts'
import { callBlock, message, refusal, textBlock } from './anthropic-wire.ts'
import { candidate } from './google-wire.ts'
import { type Loopback, openLoopback, type Script } from './loopback.ts'
import { ANTHROPIC, createLlm, GOOGLE, SECRET, weatherTool } from './setup.ts'

/** Models that look the weather up when they are asked for it, and talk otherwise. */
const anthropic: Script = (answering) => {
  const { content } = answering.asked.body.messages.at(-1)
  const [part] = content
  if (part.type === 'tool_result') return message([textBlock(0, ['It is ', part.content, '.'])])(answering)
  if (/weather/.test(part.text)) {
    return message([callBlock(0, 'toolu_1', 'weather', '{"city":"Haifa"}')], 'tool_use')(answering)
  }
  return message([textBlock(0, ['I am ', 'the front ', 'desk.'])])(answering)
}

const google: Script = (answering) => {
  const [part] = answering.asked.body.contents.at(-1).parts
  if (part.functionResponse) {
    return candidate([{ text: 'It is ' }, { text: part.functionResponse.response.content }])(answering)
  }
  if (/weather/.test(part.text)) {
    const functionCall = { name: 'weather', args: { city: 'Haifa' } }
    return candidate([{ functionCall, thoughtSignature: 'c2ln' }])(answering)
  }
  return candidate([{ text: 'I am ' }, { text: 'the front ' }, { text: 'desk.' }])(answering)
}

describe.each([
  ['@ai-sdk/anthropic', anthropic, ANTHROPIC],
  ['@ai-sdk/google', google, GOOGLE],
])('the contract of llm, with %s', (_name, script, paramsAt) => {
  let server: Loopback
  beforeAll(async () => {
    server = await openLoopback(script)
  })
  afterAll(() => server.close())
  const cases = withCallLines(llmContract, {
    create: (context) => createLlm(paramsAt(server.url), context),
    createFailing: (context) => createLlm(paramsAt('http://127.0.0.1:9'), context),
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

describe('the contract of a live check', () => {
  let server: Loopback
  beforeAll(async () => {
    server = await openLoopback(anthropic)
  })
  afterAll(() => server.close())
  const check = (given: object) =>
    aiSdkLlm.liveCheck!(testParams(aiSdkLlm.params, { ...ANTHROPIC(server.url), ...given }), testContext())
  const cases = liveCheckContract({
    secrets: [SECRET],
    checks: {
      'all is well': () => check({}),
      'the key is refused': () => {
        server.next(refusal(401, 'authentication_error', `invalid x-api-key ${SECRET}`))
        return check({})
      },
      'nothing listens': () => check({ base_url: 'http://127.0.0.1:9' }),
      'the package is not there': () => check({ package: 'ai-sdk-of-nobody' }),
    },
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
