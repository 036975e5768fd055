import { describe, expect, it } from 'vitest'
import { MULAW_8K, ProviderError } from '../../../src/index.ts'
import { presynthesize } from '../../../src/pipeline/replying/presynthesis.ts'
import { createPronouncer } from '../../../src/pipeline/replying/pronouncer.ts'
import { createVoiceSource } from '../../../src/pipeline/replying/voice-source.ts'
import { createCallTelemetry } from '../../../src/telemetry/call-telemetry.ts'
import {
  createFakeClock,
  createFakeTts,
  createTestLogger,
  createTestMetrics,
  type FakeTtsOptions,
  testInstances,
} from '../../../src/testing/index.ts'
import { createCallRig, RIG_SETTINGS, type CallRigOptions } from '../call-rig.ts'

const REPLY = 'The price is $1,200.50 with tax included.'
const IN_WORDS = 'The price is one thousand two hundred dollars and fifty cents with tax included.'

/** A call after its greeting, whose caller has just asked for something. */
async function asked(options: CallRigOptions = {}) {
  const rig = createCallRig({ llm: { replies: [REPLY, 'As you like.'] }, ...options })
  rig.start()
  await rig.silence(1500)
  await rig.speak(600)
  rig.stt.sessions[0]!.emit({ type: 'final', text: 'how much' })
  return rig
}
type Rig = Awaited<ReturnType<typeof asked>>

/** What the voice was given after the greeting. */
const given = (rig: Rig): string[] =>
  rig.tts.requests.slice(1).flatMap(({ request, streamed }) => streamed?.clauses ?? [request.text])

const said = (rig: Rig): unknown[] =>
  rig.of('agent_said').flatMap(({ fields, private: { text } }) => (fields['turn'] === 0 ? [] : [text]))

function form(spokenForm: 'auto' | 'on' | 'off'): CallRigOptions {
  return { settings: { conversation: { speechText: { replacements: {}, urls: 'domain', spokenForm } } } }
}

describe('numbers that the model writes', () => {
  it('are put into words once for a clause, and anew in another language', () => {
    let tag = 'en-US'
    const pronouncer = createPronouncer({ replacements: {}, urls: 'domain', spokenForm: 'auto' }, () => tag)
    const measured = pronouncer.inWords(REPLY)
    expect(pronouncer.forVoice(REPLY, {})).toBe(measured)
    tag = 'de-DE'
    expect(pronouncer.inWords(REPLY).spoken).toBe(REPLY)
    tag = 'en-US'
    expect(pronouncer.inWords(REPLY).spoken).toBe(measured.spoken)
    expect(pronouncer.forVoice(REPLY, { normalises: true }).spoken).toBe(REPLY)
  })

  it.each([
    ['auto', undefined, IN_WORDS],
    ['auto', true, REPLY],
    ['on', true, IN_WORDS],
    ['off', undefined, REPLY],
  ] as const)(
    'with %s and a voice that normalises: %s, the voice is given "%s"',
    async (how, normalises, text) => {
      const rig = await asked({ ...form(how), tts: normalises === undefined ? {} : { normalises } })
      await rig.silence(9000)
      expect(given(rig)).toEqual([text])
      expect(said(rig)).toEqual([REPLY])
      await rig.end()
    },
  )

  for (const [how, tts] of Object.entries({
    'by pace': {},
    'by the times of words': { words: true },
    'in a stream': { streams: true, words: true },
  })) {
    it(`are remembered as written, and not at all when they were cut, ${how}`, async () => {
      const rig = await asked({ tts })
      // "The price is one thousand two hundr…", at 60 ms a character.
      await rig.silence(2600)
      await rig.speak(600)
      rig.stt.sessions[0]!.emit({ type: 'final', text: 'stop' })
      await rig.silence(3000)
      const [cut] = rig.of('interrupted')
      expect(cut?.private['heard']).toBe('The price is')
      expect(rig.llm.requests.at(-1)!.request.messages).toContainEqual(
        expect.objectContaining({
          role: 'assistant',
          content: expect.stringMatching(/^The price is(?! \$)/u),
        }),
      )
      await rig.end()
    })
  }

  it.each([
    '2026-03-14T09:30:00Z',
    'GB29 NWBK 6016 1331 9268 19',
    '30x20x10 cm',
    'ORD-2026-00417',
    '120/80 mmHg',
    'Mon-Fri 9-5',
  ])('are remembered whole or not at all: %s', async (figure) => {
    const reply = `It is ${figure} for you and for all of your family.`
    const words = createPronouncer({ replacements: {}, urls: 'domain', spokenForm: 'on' }, () => 'en-US')
    const said = words.inWords(reply).spoken
    const middle = (said.indexOf(' is ') + said.indexOf(' for you')) / 2
    const heard: unknown[] = []
    for (const chars of [middle, said.length - 12]) {
      const rig = await asked({ tts: { words: true }, llm: { replies: [reply, 'As you like.'] } })
      await rig.silence(Math.round(chars * 60))
      await rig.speak(600)
      rig.stt.sessions[0]!.emit({ type: 'final', text: 'stop' })
      await rig.silence(3000)
      heard.push(rig.of('interrupted')[0]?.private['heard'])
      await rig.end()
    }
    expect(heard[0]).toMatch(/^It is$/u)
    expect(heard[1]).toMatch(/^It is .+ for you/u)
    expect(reply.startsWith(String(heard[1]))).toBe(true)
  })
})

/** Voices without a call round them. */
function voicesOf(...options: Partial<FakeTtsOptions>[]) {
  const { clock } = createFakeClock()
  const host = { clock, log: createTestLogger(), metrics: createTestMetrics() }
  const fakes = options.map((option) => createFakeTts({ clock, ...option }))
  const voices = fakes.map(({ provider }, at) => testInstances(host)('tts', `voice${at}`, provider))
  const kept = new Map<string, Uint8Array>()
  const cache = {
    get: (key: string) => kept.get(key),
    put: (key: string, audio: Uint8Array) => void kept.set(key, audio),
  }
  const { speechText } = RIG_SETTINGS.conversation
  const parts = { ...host, voices, format: MULAW_8K, firstAudioTimeoutMs: 3000, cache, speechText }
  const source = createVoiceSource({
    ...parts,
    voices: () => voices,
    callId: 'CA1',
    language: () => undefined,
    pronouncer: createPronouncer(speechText, () => 'en-US'),
    telemetry: createCallTelemetry(host),
  })
  const { signal } = new AbortController()
  return {
    prepare: (text: string) => presynthesize([text], { ...parts, spokenLanguage: 'en-US', signal }),
    async say(text: string, fixed = false) {
      for await (const _audio of source.speak(text, { fixed, signal }));
    },
    texts: () => fakes.map(({ requests }) => requests.map(({ request }) => request.text)),
  }
}

describe('each voice', () => {
  it('in reserve is given words, although the first one finds them itself', async () => {
    const voices = voicesOf({ normalises: true, error: new ProviderError('network', 'gone') }, {})
    await voices.say(REPLY)
    expect(voices.texts()).toEqual([[REPLY], [IN_WORDS]])
  })
})

describe('a fixed line', () => {
  it('is prepared in the words that calls say it in', async () => {
    const voices = voicesOf({ voiceKey: 'fake' })
    await voices.prepare('We open at 9:00.')
    await voices.say('We open at 9:00.', true)
    expect(voices.texts()).toEqual([["We open at nine o'clock."]])
  })
})
