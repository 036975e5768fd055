import type { PluginContext } from '@kav/core'
import { liveCheckContract, llmContract, testContext, testParams } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { aiSdkLlm } from '../src/llm.ts'
import {
  begun as anthropicBegun,
  callBlock,
  halfCall,
  message,
  refusal,
  textBlock,
} from './anthropic-wire.ts'
import { begun as googleBegun, candidate, refusal as googleRefusal } from './google-wire.ts'
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

/** What each provider's server writes: an answer begun, a call begun (Gemini sends calls whole), and what it charges. */
const ANTHROPIC_WIRE = {
  script: anthropic,
  begun: anthropicBegun(['I am the front ']),
  halfCall: halfCall('toolu_1', 'weather', '{"city":"Ha'),
  refusal: refusal(401, 'authentication_error', 'invalid x-api-key'),
  billed: { inputTokens: 42, outputTokens: 9 },
  paramsAt: ANTHROPIC,
}
const GOOGLE_WIRE = {
  script: google,
  begun: googleBegun(['I am the front ']),
  halfCall: undefined,
  refusal: googleRefusal(401, 'UNAUTHENTICATED', 'API key not valid.'),
  billed: { inputTokens: 40, outputTokens: 12 },
  paramsAt: GOOGLE,
}

describe.each([
  ['@ai-sdk/anthropic', ANTHROPIC_WIRE],
  ['@ai-sdk/google', GOOGLE_WIRE],
])(
  'the contract of llm, with %s',
  (_name, { script, begun, halfCall: half, refusal: refused, billed, paramsAt }) => {
    const FAULTS = {
      refusing: refused,
      silent: () => undefined,
      stalling: ({ events }) => events(begun),
      cutting: async ({ events, reset }) => {
        await events(begun)
        // Time for it to arrive, so that it is cut in the middle.
        setTimeout(reset, 20)
      },
      calling: async ({ events, reset }) => {
        await events(half ?? [])
        setTimeout(reset, 20)
      },
    } satisfies Readonly<Record<string, Script>>
    const faulty = new Map<string, Loopback>()
    let server: Loopback
    beforeAll(async () => {
      server = await openLoopback(script)
      for (const [name, fault] of Object.entries(FAULTS)) faulty.set(name, await openLoopback(fault))
    })
    afterAll(() => Promise.all([server, ...faulty.values()].map((one) => one.close())))
    const at = (name: keyof typeof FAULTS, context: PluginContext) =>
      createLlm(paramsAt(faulty.get(name)!.url), context)
    const cases = withCallLines(llmContract, {
      create: (context) => createLlm(paramsAt(server.url), context),
      createFailing: (context) => at('refusing', context),
      failingClass: 'auth',
      createStalled: (context, place) => at(place === 'at-once' ? 'silent' : 'stalling', context),
      createCut: (context) => at('cutting', context),
      ...(half && { createCutCall: (context: PluginContext) => at('calling', context) }),
      secrets: [SECRET],
      sent: () => 'I am the front ',
      receivedText: () => JSON.stringify(server.asked.at(-1)!.body),
      billed: () => billed,
      expected: /front desk/,
      toolCall: {
        messages: [{ role: 'user', content: 'What is the weather in Haifa?' }],
        tools: [weatherTool],
        result: () => '31 degrees',
        expected: /31 degrees/,
      },
    })
    for (const one of cases) it(one.name, one.run, one.timeoutMs)
  },
)

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
