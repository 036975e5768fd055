import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { formatProblems, loadPipeline, toCallSettings, toToolSettings } from '../../src/config/index.ts'
import type { PluginContext } from '../../src/contracts/index.ts'
import { createPluginLoader, createProviders } from '../../src/plugins/index.ts'
import { FIXTURE_ENV, kitLoader } from './kit-loader.ts'

const GOOD = fileURLToPath(new URL('./good/', import.meta.url))
const options = { env: FIXTURE_ENV, loader: kitLoader }

async function loadGood(name: string, extra: Partial<Parameters<typeof loadPipeline>[1]> = {}) {
  const result = await loadPipeline(`${GOOD}${name}.yaml`, { ...options, ...extra })
  if (!result.ok) throw new Error(formatProblems(result.problems))
  return result.pipeline
}

describe('loadPipeline', () => {
  it('fills in every default', async () => {
    const { config } = await loadGood('smallest')
    expect(toCallSettings(config)).toEqual({
      pipeline: 'front-desk',
      rxQueue: { maxFrames: 200, catchupRate: 4, resyncMs: 40 },
      txQueue: { maxFrames: 144, leadMs: 120, sendMaxFrames: 144 },
      stt: { batchMs: 40, partialDebounceMs: 90, timeoutMs: 320, vadHangoverMs: 180 },
      conversation: {
        greeting: '',
        systemPrompt: '',
        language: 'en-US',
        hints: [],
        bargeIn: {
          mode: 'speech',
          minSpeechMs: 900,
          minWords: 2,
          quieterDb: 10,
          echo: 'auto',
          duckDb: 18,
          falseStartMs: 700,
          greeting: true,
        },
        turns: {
          by: 'rules',
          sttWaitMs: 2500,
          adaptive: true,
          sureWaitMs: 100,
          unfinishedWaitMs: 2200,
          numberWaitMs: 1200,
          patienceMs: 2000,
          preemptive: true,
          noiseAfterMs: 5000,
        },
        unclear: {
          minConfidence: 0.3,
          line: 'Sorry, something went wrong. Could you say that again?',
        },
        idle: {
          holdMs: 30_000,
          afterMs: 0,
          prompts: ['Are you still there?'],
          farewell: 'I cannot hear you, so I will end the call. Goodbye.',
        },
        dtmf: { interrupts: true, terminator: '#', interDigitMs: 2000, maxDigits: 32 },
        speechText: { replacements: {}, urls: 'domain', spokenForm: 'auto' },
        tools: { fillerAfterMs: 1200, fillerTexts: ['One moment, please.'], maxRounds: 5 },
        fallbackLine: 'Sorry, something went wrong. Could you say that again?',
        transferFailedLine: 'I could not put you through. Is there anything else I can do for you?',
        maxReplyChars: 10_000,
        historyMaxTokens: 32_000,
        firstTokenTimeoutMs: 8000,
        firstAudioTimeoutMs: 5000,
        maxCallMs: 3_600_000,
      },
    })
    expect(config.record).toEqual({
      dir: 'recordings',
      transcript: true,
      audio: false,
      format: 'pcm16',
      call_record: true,
    })
  })

  it('keeps every value that is written', async () => {
    const { config, stages, baseDir } = await loadGood('everything')
    expect(`${baseDir}/`).toBe(GOOD)
    expect(toCallSettings(config)).toMatchObject({
      rxQueue: { maxFrames: 100, catchupRate: 2.5, resyncMs: 60 },
      txQueue: { maxFrames: 50, leadMs: 60, sendMaxFrames: 20 },
      stt: { batchMs: 60, partialDebounceMs: 100, timeoutMs: 400, vadHangoverMs: 200 },
      conversation: {
        greeting: 'שלום, איך אפשר לעזור?',
        systemPrompt: 'You answer the phone.\nBe brief.\n',
        hints: ['weasel', 'switchboard'],
        bargeIn: { mode: 'words', minWords: 3 },
        dtmf: { interrupts: false, terminator: '*', interDigitMs: 1500, maxDigits: 4 },
        tools: { fillerAfterMs: 900, fillerTexts: ['Let me see.', 'One moment.'], maxRounds: 3 },
      },
    })
    expect(stages.llm[0]!.params).toEqual({
      model: 'small',
      temperature: 0.5,
      max_tokens: 100,
      retry: { tries: 2, wait_ms: 200 },
    })
  })

  it('gives the tools what they need, and plugins with tools as stages', async () => {
    const { config, stages } = await loadGood('everything')
    const { http, ...others } = toToolSettings(config)
    expect(others).toEqual({
      hangUp: false,
      transfer: {
        description: 'When the caller asks for a person.',
        numbers: { sales: '+15550001111', 'night desk': 'sip:night@pbx.example' },
      },
      pressKeys: true,
      wait: true,
      codeTimeoutsMs: [800],
      codeFillers: [undefined],
    })
    expect(http).toMatchObject([
      {
        name: 'check_order',
        method: 'GET',
        auth: { type: 'bearer', token: FIXTURE_ENV.API_KEY },
        pick: ['order.status', 'order.items.name'],
        timeoutMs: 3000,
        maxResponseBytes: 65_536,
      },
      {
        auth: { type: 'basic', user: 'kav', password: FIXTURE_ENV.API_KEY },
        headers: {},
        pick: [],
        timeoutMs: 5000,
        maxResponseBytes: 16_384,
      },
    ])
    expect(stages.tools.map(({ plugin, params }) => [plugin.name, params])).toEqual([
      ['one-tool', { shop: 'south' }],
    ])
  })

  it('lets no pipeline call tools that it does not name', async () => {
    const { config, stages } = await loadGood('smallest')
    expect(toToolSettings(config)).toEqual({
      hangUp: true,
      pressKeys: false,
      wait: false,
      http: [],
      codeTimeoutsMs: [],
      codeFillers: [],
    })
    expect(stages.tools).toEqual([])
  })

  it("gives the stt plugin its own params without the core's four numbers", async () => {
    const { stages } = await loadGood('everything')
    expect(stages.stt.map(({ params }) => params)).toEqual([
      { language: 'he-IL', region: 'europe-west1', fallback_regions: ['us-central1'], use_enhanced: true },
      { language: 'en-US', region: 'global', fallback_regions: [], use_enhanced: false },
    ])
  })

  it("takes realtime in place of three stages, with the core's four numbers among its params", async () => {
    const { config, stages } = await loadGood('realtime')
    expect(stages.realtime).toMatchObject({ kind: 'realtime', params: { model: 'talker' } })
    expect([stages.stt, stages.llm, stages.tts]).toEqual([[], [], []])
    expect(toCallSettings(config).stt).toEqual({
      batchMs: 60,
      partialDebounceMs: 90,
      timeoutMs: 500,
      vadHangoverMs: 200,
    })
  })

  it('reads numbers and true/false from whole variables, and texts from all', async () => {
    const { config, stages } = await loadGood('from-the-environment')
    expect(stages.transport.params).toEqual({ auth_token: 'line-secret-0001', port: 8443 })
    expect(stages.stt[0]?.params).toMatchObject({ use_enhanced: true, sample_rate: 16000 })
    expect(toCallSettings(config).stt.batchMs).toBe(60)
    expect(config.conversation.greeting).toBe('Port 8443, ${literal}, nothing')
    expect(stages.vad).toBeUndefined()
  })

  it("uses the host's vad where the file names none, and none where it says off", async () => {
    const defaults = { vad: { plugin: '@kav/plugin-kit', params: { threshold: 0.7 } } }
    expect((await loadGood('smallest', { defaults })).stages.vad?.params).toEqual({ threshold: 0.7 })
    expect((await loadGood('everything', { defaults })).stages.vad?.params).toEqual({ threshold: 0.6 })
    expect((await loadGood('in-json', { defaults })).stages.vad).toBeUndefined()
  })

  it('tells a default that cannot be loaded as a problem of the file', async () => {
    const defaults = { vad: { plugin: 'no-such-vad' } }
    const result = await loadPipeline(`${GOOD}smallest.yaml`, { ...options, defaults })
    expect(result.ok).toBe(false)
    expect(!result.ok && result.problems[0]).toMatchObject({
      line: 1,
      path: 'vad.plugin',
      code: 'KAV_PLUGIN_NOT_FOUND',
    })
  })

  it('gives stages that providers can be made of', async () => {
    const { stages, baseDir } = await loadGood('everything')
    const providers = await createProviders(stages, () => ({ baseDir }) as PluginContext)
    expect(providers.stt.map(({ name }) => name)).toEqual(['kit-stt', 'kit-stt#2'])
    expect(providers.tts[0]!.provider).toMatchObject({ params: { voice: { type: 'named', name: 'Noa' } } })
    await providers.close()
  })

  it('tells a missing file', async () => {
    const result = await loadPipeline('/no/such/file.yaml', options)
    expect(!result.ok && formatProblems(result.problems)).toBe('/no/such/file.yaml:1:1 there is no such file')
  })

  it('refuses a file over 1 MB without reading on', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'kav-config-'))
    try {
      const file = join(dir, 'huge.yaml')
      await writeFile(file, 'x'.repeat(1024 * 1024 + 1))
      const result = await loadPipeline(file, options)
      expect(!result.ok && result.problems[0]?.code).toBe('KAV_CONFIG_FILE_TOO_LARGE')
    } finally {
      await rm(dir, { recursive: true })
    }
  })

  it('does not wait for a device', async () => {
    const result = await loadPipeline('/dev/null', options)
    expect(!result.ok && result.problems[0]?.code).toBe('KAV_CONFIG_FILE_UNREADABLE')
  })

  it('takes the params of two plugins with the same schema id', async () => {
    const plugin = (kind: string) => ({
      kind,
      name: kind,
      description: '',
      params: { $id: 'params', type: 'object', properties: {}, additionalProperties: false },
      create: () => ({}),
    })
    const module = { default: ['transport', 'stt', 'llm', 'tts'].map(plugin) }
    const loader = createPluginLoader({
      importModule: () => Promise.resolve(module),
      findPackage: async () => ({ ok: true, url: 'file:///any.js', folder: '/' }),
    })
    const dir = await mkdtemp(join(tmpdir(), 'kav-config-'))
    try {
      const file = join(dir, 'same-id.yaml')
      const stages = ['transport', 'stt', 'llm', 'tts'].map((kind) => `${kind}: { plugin: any }`)
      await writeFile(file, ['version: 1', 'name: a', ...stages, ''].join('\n'))
      const result = await loadPipeline(file, { env: {}, loader })
      expect(result.ok || formatProblems(result.problems)).toBe(true)
    } finally {
      await rm(dir, { recursive: true })
    }
  })
})
