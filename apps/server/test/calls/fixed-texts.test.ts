import { fileURLToPath } from 'node:url'
import { type PipelineConfig, toCallSettings } from '@kav/core/host'
import { beforeAll, describe, expect, it } from 'vitest'
import { fixedTexts } from '../../src/calls/fixed-texts.ts'
import { openPipeline } from '../../src/open-pipeline.ts'
import { createServerLoader } from '../../src/plugins.ts'

const FILE = fileURLToPath(new URL('../fixtures/echo-desk.yaml', import.meta.url))
const HTTP = [{ name: 'ask', url: 'https://shop.example/' }] as unknown as PipelineConfig['tools']['http']

let config: PipelineConfig
beforeAll(async () => {
  config = (await openPipeline(FILE, {}, createServerLoader())).pipeline.config
})

function textsWith(tools: Partial<PipelineConfig['tools']>): readonly string[] {
  const changed = { ...config, tools: { ...config.tools, ...tools } }
  return fixedTexts(toCallSettings(changed), changed.tools)
}

describe('what is spoken ahead of the first call', () => {
  const filler = { after_ms: 1200, texts: ['One moment, please.', 'Hold on, {{name}}.'] }

  it('holds the fillers, where a tool can take long, and none that is different on every call', () => {
    expect(textsWith({ http: HTTP, filler })).toContain('One moment, please.')
    expect(textsWith({ http: HTTP, filler }).join(' ')).not.toContain('Hold on')
  })

  it('holds none where none is ever heard', () => {
    expect(textsWith({ filler })).not.toContain('One moment, please.')
    expect(textsWith({ http: HTTP, filler: { ...filler, after_ms: 0 } })).not.toContain('One moment, please.')
  })

  it('holds greeting and fallback line in any case', () => {
    expect(textsWith({})).toEqual([
      'Hello, you have reached the echo desk.',
      'Sorry, something went wrong. Could you say that again?',
    ])
  })
})
