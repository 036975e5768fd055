import { describe, expect, it } from 'vitest'
import { type LlmMessage, MULAW_8K, type ToolProvider } from '../../src/index.ts'
import type { FakeReply } from '../../src/testing/index.ts'
import { dtmfTones } from '../../src/tools/dtmf-tones.ts'
import { buildToolKit } from '../../src/tools/tool-kit.ts'
import type { ToolSettings } from '../../src/tools/tool-settings.ts'
import { type CallRigOptions, createCallRig, RIG_SETTINGS } from '../pipeline/call-rig.ts'
import { NO_TOOLS } from './tool-rig.ts'

/** A tool plugin with one tool `look_up(id)`. */
function lookUp(run: ToolProvider['run']) {
  const parameters = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }
  const tools = [{ name: 'look_up', description: 'Looks up.', parameters }]
  return { name: 'shop', provider: { tools, run, close: async () => {} } }
}

const calls = (name: string, args: unknown = {}, text?: string): FakeReply => ({
  toolCalls: [{ id: `call-${name}`, name, arguments: JSON.stringify(args) }],
  ...(text === undefined ? {} : { text }),
})

interface TalkOptions {
  readonly replies: readonly (string | FakeReply)[]
  readonly settings?: Partial<ToolSettings>
  readonly code?: readonly ReturnType<typeof lookUp>[]
  readonly tools?: Partial<typeof RIG_SETTINGS.conversation.tools>
  readonly transferable?: boolean
  readonly tts?: CallRigOptions['tts']
}

/** A call whose caller has asked something and is silent. */
async function talk({ replies, settings, code = [], tools, transferable, tts }: TalkOptions) {
  const rig = createCallRig({
    settings: { conversation: { greeting: '', tools: { ...RIG_SETTINGS.conversation.tools, ...tools } } },
    llm: { replies },
    ...(tts && { tts }),
    tools: (on) => buildToolKit({ settings: { ...NO_TOOLS, ...settings }, code, ...on }),
    ...(transferable === undefined ? {} : { call: { transferable } }),
  })
  rig.start()
  await rig.silence(200)
  await rig.speak(600)
  rig.stt.sessions[0]!.emit({ type: 'final', text: 'Where is my order?' })
  await rig.silence(600)
  const said = () => rig.tts.requests.map(({ request }) => request.text)
  /** What the tools told the model, as its last request has it. */
  const told = () =>
    rig.llm.requests
      .at(-1)!
      .request.messages.filter((message): message is LlmMessage & { role: 'tool' } => message.role === 'tool')
      .map(({ content }) => content)
  return { ...rig, said, told }
}

describe('tools in a call', () => {
  it('give their result to the model, which answers with it', async () => {
    const shop = lookUp(async (_name, { id }) => ({ id, state: 'sent' }))
    const rig = await talk({ replies: [calls('look_up', { id: '47' }), 'It was sent.'], code: [shop] })
    await rig.silence(2000)
    expect(rig.llm.requests[0]!.request.tools.map(({ name }) => name)).toEqual(['hang_up', 'look_up'])
    expect(rig.told()).toEqual(['{"id":"47","state":"sent"}'])
    expect(rig.said()).toEqual(['It was sent.'])
    await rig.end()
  })

  it('tell the model what is wrong with its arguments, and it may call again', async () => {
    const shop = lookUp(async () => 'sent')
    const replies = [calls('look_up', {}), calls('look_up', { id: '47' }), 'It was sent.']
    const rig = await talk({ replies, code: [shop] })
    await rig.silence(2000)
    expect(rig.told()).toEqual([
      "The arguments do not fit: must have required property 'id'. Correct them and call again.",
      'sent',
    ])
    await rig.end()
  })

  it('let the caller hear a filler while they take long, and none when they do not', async () => {
    let answer = (_text: string): void => {}
    const shop = lookUp(() => new Promise((resolve) => (answer = resolve)))
    const tools = { fillerTexts: ['One moment.'] }
    const rig = await talk({ replies: [calls('look_up', { id: '1' }), 'Found.'], code: [shop], tools })
    await rig.silence(600)
    expect(rig.said()).toEqual([])
    await rig.silence(1000)
    expect(rig.said()).toEqual(['One moment.'])
    answer('it')
    await rig.silence(3000)
    expect(rig.said()).toEqual(['One moment.', 'Found.'])
    await rig.end()
  })

  it('are silent while the agent waits', async () => {
    const tools = { fillerTexts: ['One moment.'] }
    const replies = [calls('wait', { seconds: 3 }), 'And now?']
    const rig = await talk({ replies, settings: { wait: true }, tools })
    await rig.silence(2500)
    expect(rig.said()).toEqual([])
    await rig.silence(2000)
    expect(rig.said()).toEqual(['And now?'])
    await rig.end()
  })

  it('are bounded in rounds, after which the caller hears that something went wrong', async () => {
    let uses = 0
    const shop = lookUp(async () => String(++uses))
    const rig = await talk({
      replies: [calls('look_up', { id: '1' })],
      code: [shop],
      tools: { maxRounds: 3 },
    })
    await rig.silence(2000)
    expect(uses).toBe(3)
    expect(rig.said()).toEqual([RIG_SETTINGS.conversation.fallbackLine])
    await rig.end()
  })

  it('are aborted when the caller hangs up', async () => {
    let signal: AbortSignal | undefined
    const shop = lookUp((_name, _args, context) => {
      signal = context.signal
      return new Promise(() => {})
    })
    const rig = await talk({ replies: [calls('look_up', { id: '1' })], code: [shop] })
    expect(signal?.aborted).toBe(false)
    await rig.end()
    expect(signal?.aborted).toBe(true)
  })

  it('hang up once the farewell was heard', async () => {
    const rig = await talk({ replies: [calls('hang_up', {}, 'Good bye and thank you for your call.')] })
    await rig.silence(800)
    expect(rig.far.ended).toBeUndefined()
    expect(rig.far.heldMs()).toBeGreaterThan(0)
    await rig.silence(6000)
    expect(rig.far.ended).toBe('agent')
    await rig.end()
  })

  it('transfer once the words were heard, to the number of the file', async () => {
    const settings = { transfer: { numbers: { sales: '+15550001111' } } }
    const replies = [calls('transfer', { to: 'sales' }, 'I put you through.')]
    const rig = await talk({ replies, settings, transferable: true })
    await rig.silence(6000)
    expect(rig.far.transferredTo).toBe('+15550001111')
    expect(rig.said()).toEqual(['I put you through.'])
    await rig.end()
  })

  it('press keys as tones on the line, whole and after what is being said', async () => {
    const replies = [calls('press_keys', { keys: '12#' }, 'I choose sales. One moment.'), 'Here we are.']
    const rig = await talk({
      replies,
      settings: { pressKeys: true },
      tts: { firstAudioMs: 400, chunkEveryMs: 100 },
    })
    await rig.silence(6000)
    const audio = Buffer.from(rig.far.sentAudio())
    const tones = Buffer.concat(dtmfTones('12#', MULAW_8K))
    const at = audio.indexOf(tones)
    // Two clauses of the reply come first, one after.
    const spoken = rig.tts.requests.slice(0, 2).reduce((sum, { bytes }) => sum + bytes, 0)
    expect(at).toBeGreaterThanOrEqual(spoken)
    expect(rig.said()).toEqual(['I choose sales.', 'One moment.', 'Here we are.'])
    await rig.end()
  })

  it('are told the keys that the caller presses, as words', async () => {
    const rig = await talk({ replies: ['Which order?', 'Thank you.'] })
    await rig.silence(3000)
    for (const digit of '4711#') rig.far.dtmf(digit)
    await rig.silence(2000)
    expect(rig.llm.requests.at(-1)!.request.messages.at(-1)).toEqual({ role: 'user', content: '4711' })
    await rig.end()
  })
})
