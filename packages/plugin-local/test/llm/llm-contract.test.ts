import { llmContract, testParams } from '@kav/core/testing'
import { describe, it } from 'vitest'
import { withCallLines } from '../../../core/test/testing/call-lines.ts'
import { localLlm } from '../../src/llm/index.ts'
import { FRONT_DESK_DIR } from './front-desk.ts'

const WHEN = {
  name: 'opening_hours',
  description: 'When the desk is open',
  parameters: { type: 'object', properties: { day: { type: 'string' } } },
}

describe('localLlm', () => {
  const cases = withCallLines(llmContract, {
    create: (context) =>
      localLlm.create(
        testParams(localLlm.params, {
          script: {
            version: 1,
            intents: [
              {
                name: 'hello',
                phrases: ['hello who are you'],
                replies: 'I am the front desk. How can I help?',
              },
              {
                name: 'hours',
                phrases: ['when are you open on {day}'],
                replies: 'One moment, I am looking it up.',
                then: {
                  tool: 'opening_hours',
                  arguments: { day: '{day}' },
                  say: 'On {day} we open {result}.',
                },
              },
            ],
            fallbacks: ['I did not catch that.'],
          },
        }),
        { ...context, baseDir: FRONT_DESK_DIR },
      ),
    expected: /front desk/,
    toolCall: {
      messages: [{ role: 'user', content: 'When are you open on Friday?' }],
      tools: [WHEN],
      result: () => 'at nine',
      expected: /On Friday we open at nine\./,
    },
  })
  for (const { name, run, timeoutMs } of cases) it(name, run, timeoutMs)
})
