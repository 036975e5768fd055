import { describe, expect, it } from 'vitest'
import { KavError, type AnyPlugin, type PluginContext, type PluginKind } from '../../src/contracts/index.ts'
import { createFakeClock } from '../../src/testing/index.ts'
import { LEAST_PROVIDERS } from './least-providers.ts'
import {
  createProviders,
  createTransport,
  type LoadedStage,
  type LoadedStages,
  tryProviders,
} from '../../src/plugins/index.ts'

const time = createFakeClock()
const context = { baseDir: '/pipelines', clock: time.clock } as PluginContext

function stagesThat(
  events: string[],
  failing: Partial<Record<string, 'create' | 'close' | 'nothing' | 'exit' | 'hang'>> = {},
) {
  function stage<Kind extends PluginKind>(kind: Kind, name: string = kind): LoadedStage<Kind> {
    const plugin = {
      kind,
      name,
      description: '',
      params: { type: 'object' },
      create(params: unknown) {
        if (failing[name] === 'create') throw new Error('no model file')
        if (failing[name] === 'nothing') return undefined
        if (failing[name] === 'exit') process.exit(0)
        events.push(`create ${name} ${JSON.stringify(params)}`)
        return {
          ...LEAST_PROVIDERS[kind],
          close() {
            events.push(`close ${name}`)
            if (failing[name] === 'hang') return new Promise<void>(() => undefined)
            return failing[name] === 'close' ? Promise.reject(new Error(`${name} stuck`)) : Promise.resolve()
          },
        }
      },
    }
    return {
      kind,
      path: [kind],
      package: `@x/${name}`,
      plugin: plugin as unknown as AnyPlugin,
      params: { of: name },
    }
  }
  const stages: LoadedStages = {
    transport: stage('transport'),
    stt: [stage('stt', 'stt-1'), stage('stt', 'stt-2')],
    llm: [stage('llm')],
    tts: [stage('tts')],
    vad: stage('vad'),
    languages: new Map([['he-IL', { tts: stage('tts', 'tts-he') }]]),
    tools: [stage('tool', 'tool-1'), stage('tool', 'tool-2')],
  }
  return stages
}

describe('createProviders', () => {
  it('makes one provider per stage with its own params and name', async () => {
    const events: string[] = []
    const providers = await createProviders(stagesThat(events), () => context)
    expect(events).toContain('create stt-2 {"of":"stt-2"}')
    expect(providers.stt.map(({ name }) => name)).toEqual(['stt-1', 'stt-2'])
    expect(providers.vad?.name).toBe('vad')
    expect(providers.tools.map(({ name }) => name)).toEqual(['tool-1', 'tool-2'])
    expect(providers.languages.get('he-IL')?.tts?.name).toBe('tts-he')
    expect(events).toHaveLength(8)
  })

  it('makes a transport by itself, and tells as well why it could not', () => {
    const events: string[] = []
    expect(createTransport(stagesThat(events).transport, context).name).toBe('transport')
    expect(events).toEqual(['create transport {"of":"transport"}'])
    const broken = stagesThat([], { transport: 'create' }).transport
    expect(() => createTransport(broken, context)).toThrow('transport: plugin "transport" (@x/transport)')
  })

  it('leaves vad out where the pipeline has none', async () => {
    const { vad, ...others } = stagesThat([])
    expect(vad).toBeDefined()
    const providers = await createProviders(others, () => context)
    expect(providers.vad).toBeUndefined()
  })

  it('makes and closes the one that stands in place of three', async () => {
    const events: string[] = []
    const { plugin } = stagesThat(events).vad!
    const close = async (): Promise<void> => void events.push('close realtime')
    const own = { ...plugin, create: () => ({ ...LEAST_PROVIDERS.realtime, close }) } as unknown as AnyPlugin
    const realtime = {
      kind: 'realtime',
      path: ['realtime'],
      package: '@x/both',
      plugin: own,
      params: {},
    } as const
    const stages = { ...stagesThat(events), stt: [], llm: [], tts: [], languages: new Map(), realtime }
    const providers = await createProviders(stages, () => context)
    expect(providers.realtime?.kind).toBe('realtime')
    await providers.close()
    expect(events.filter((event) => event.startsWith('close'))).toContain('close realtime')
  })

  it('names plugin and stage when one cannot be made, and closes those already made', async () => {
    const events: string[] = []
    const making = createProviders(stagesThat(events, { tts: 'create' }), () => context)
    const error: unknown = await making.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(KavError)
    expect(error).toMatchObject({
      code: 'KAV_PLUGIN_CREATE',
      message: expect.stringMatching(
        /^tts: plugin "tts" \(@x\/tts\) could not be made: no model file \(at \/.*create-providers\.test\.ts:\d+:\d+\)$/,
      ),
      details: { stage: 'tts', plugin: 'tts', package: '@x/tts', path: ['tts'] },
    })
    expect(events.filter((event) => event.startsWith('close'))).toEqual([
      'close stt-1',
      'close stt-2',
      'close llm',
    ])
  })

  it('hides secret params that a plugin repeats in its error', async () => {
    const stages = stagesThat([])
    const plugin = {
      ...stages.llm[0]!.plugin,
      create(params: unknown) {
        throw new Error(`bad params ${JSON.stringify(params)}`)
      },
    } as AnyPlugin
    const llm = {
      ...stages.llm[0]!,
      plugin,
      params: { model: 'small', auth: { private_key: 'plain\nsecret' } },
    }
    const error: unknown = await createProviders({ ...stages, llm: [llm] }, () => context).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({
      message: expect.stringContaining(
        'llm: plugin "llm" (@x/llm) could not be made: bad params {"model":"small","auth":{"private_key":"(hidden)"}} (at ',
      ),
    })
  })

  it('keeps the error of a plugin as the cause where it tells no secret', async () => {
    const making = createProviders(stagesThat([], { tts: 'create' }), () => context)
    await expect(making).rejects.toMatchObject({ cause: new Error('no model file') })
  })

  it('refuses a create that returns no provider', async () => {
    const making = createProviders(stagesThat([], { llm: 'nothing' }), () => context)
    await expect(making).rejects.toThrow('create returned undefined, and not a provider')
  })

  it('tries every stage by itself, tells each that is refused with its place, and leaves nothing open', async () => {
    const events: string[] = []
    const stages = stagesThat(events, { transport: 'create', 'tts-he': 'nothing' })
    const { refused } = await tryProviders(stages, context)
    expect(refused.map(({ details }) => details['path'])).toEqual([['transport'], ['tts']])
    const count = (word: string): number => events.filter((event) => event.startsWith(word)).length
    expect(count('create')).toBe(7)
    expect(count('close')).toBe(7)
  })

  it('refuses one that would end the process, and tells where', async () => {
    const exit = process.exit
    const { refused } = await tryProviders(stagesThat([], { llm: 'exit' }), context)
    expect(refused.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^llm: plugin "llm" \(@x\/llm\) could not be made: it called process\.exit\(0\) \(at .*create-providers\.test/,
      ),
    ])
    expect(process.exit).toBe(exit)
  })

  it('waits five seconds for one to close that was only tried, and names it', async () => {
    const trying = tryProviders(stagesThat([], { tts: 'hang' }), context)
    await time.advance(5_000)
    const { refused, doubts } = await trying
    expect(refused).toEqual([])
    expect(doubts).toEqual([
      {
        path: ['tts', 'plugin'],
        message: expect.stringContaining('plugin "tts": close has not settled within 5 s'),
      },
    ])
    expect(time.pending()).toBe(0)
  })

  it('closes every provider, even when some fail', async () => {
    const events: string[] = []
    const failing = { tts: 'close', llm: 'close' } as const
    const providers = await createProviders(stagesThat(events, failing), () => context)
    await expect(providers.close()).rejects.toThrow('several providers failed to close')
    const closed = events.filter((event) => event.startsWith('close'))
    expect(closed).toHaveLength(8)
  })
})
