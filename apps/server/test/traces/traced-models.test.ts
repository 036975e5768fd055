import { describe, expect, it } from 'vitest'
import { tracedModels } from '../../src/traces/traced-models.ts'

type Stages = Parameters<typeof tracedModels>[0]['stages']
type Providers = Parameters<typeof tracedModels>[1]

const stage = (name: string, model?: string, at = `@kav/plugin-${name}`) => ({
  package: at,
  plugin: { name },
  params: model === undefined ? {} : { model },
})
const named = (...names: readonly string[]) => names.map((name) => ({ name }))

describe('tracedModels', () => {
  it('knows the models of a pipeline by the names that they have in events', () => {
    const stages = { llm: [stage('openai', 'gpt-4o-mini'), stage('local-llm')] } as unknown as Stages
    const providers = { llm: named('openai', 'local-llm') } as unknown as Providers
    expect(tracedModels({ stages }, providers)).toEqual({
      openai: { maker: 'openai', model: 'gpt-4o-mini' },
      'local-llm': { maker: 'local-llm' },
    })
  })

  it('knows a speech-to-speech model, too', () => {
    const realtime = stage('openai-realtime', 'gpt-realtime', '@kav/plugin-openai')
    const stages = { llm: [], realtime } as unknown as Stages
    const providers = { llm: [], realtime: { name: 'openai-realtime' } } as unknown as Providers
    expect(tracedModels({ stages }, providers)).toEqual({
      'openai-realtime': { maker: 'openai', model: 'gpt-realtime' },
    })
  })
})
