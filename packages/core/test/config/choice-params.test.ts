import { describe, expect, it } from 'vitest'
import type { LoadedStage } from '../../src/host.ts'
import { choiceParams } from '../../src/config/checks/choice-params.ts'

/** Whether a param of this schema takes words of the plugin's own alone. */
function isChoice(schema: unknown, path = ['stt', 'params', 'stream_token']): boolean {
  const params = { type: 'object', properties: { stream_token: schema } }
  return choiceParams([{ path: ['stt'], stage: { plugin: { params } } as unknown as LoadedStage }])(path)
}

describe('a param that is named as a secret', () => {
  it.each([
    { const: 'optional' },
    { enum: ['optional', 'required'] },
    { type: 'boolean' },
    { anyOf: [{ const: 'off' }, { type: 'boolean' }] },
  ])('is none where its plugin writes out what it takes: %j', (schema) => {
    expect(isChoice(schema)).toBe(true)
  })

  it.each([{ type: 'string' }, { anyOf: [] }, { anyOf: [{ const: 'off' }, { type: 'string' }] }, true])(
    'may be one where it takes any text: %j',
    (schema) => {
      expect(isChoice(schema)).toBe(false)
    },
  )

  it('is another stage’s, or another param', () => {
    expect(isChoice({ const: 'on' }, ['tts', 'params', 'stream_token'])).toBe(false)
    expect(isChoice({ const: 'on' }, ['stt', 'params', 'api_key'])).toBe(false)
  })
})
