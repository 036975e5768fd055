import { describe, expect, it } from 'vitest'
import type { LlmEvent, LlmRequest, TtsRequest } from '../../../src/contracts/index.ts'
import { MAX_TOOL_CALLS } from '../../../src/pipeline/replying/model-answer.ts'
import { MAX_AHEAD_MS } from '../../../src/pipeline/realtime/realtime-speech.ts'
import { maxSpeechMs } from '../../../src/pipeline/replying/limited-speech.ts'
import { WAITING_CHARS } from '../../../src/pipeline/replying/reply-script.ts'
import { MAX_TURN_CHARS } from '../../../src/pipeline/turns/turn-text.ts'
import { MAX_HELD_CHARS } from '../../../src/providers/answer-beginning.ts'
import { createCallRig, type CallRigOptions } from '../call-rig.ts'

const SENTENCE = 'This is a sentence that goes on. '
/** Of a model of which nothing is known, that much is read before the first word is given on. */
const HELD_PIECES = Math.ceil(MAX_HELD_CHARS / SENTENCE.length)

/** A model whose answer is an endless stream, and how far it was read. */
function endlessModel(next: (index: number) => LlmEvent) {
  const seen = { read: 0, aborted: false, ended: false }
  async function* reply(_request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmEvent> {
    signal.addEventListener('abort', () => (seen.aborted = true))
    try {
      while (!signal.aborted) yield next(seen.read++)
    } finally {
      seen.ended = true
    }
  }
  return { seen, reply }
}

/** A flood is read a part in each, and the clock of a test does not wait for that. */
async function turnsOfTheLoop(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A call whose caller has asked for something, of a model that has no end. */
async function asked(next: (index: number) => LlmEvent, options: CallRigOptions = {}) {
  const model = endlessModel(next)
  const rig = createCallRig({
    ...options,
    settings: { ...options.settings, conversation: { greeting: '', ...options.settings?.conversation } },
  })
  const first = rig.llm.provider.reply
  let requests = 0
  rig.llm.provider.reply = (request, signal) =>
    requests++ === 0 ? model.reply(request, signal) : first.call(rig.llm.provider, request, signal)
  rig.start()
  await rig.silence(200)
  await rig.speak(600)
  rig.stt.sessions[0]!.emit({ type: 'final', text: 'tell me all of it' })
  await rig.silence(700)
  return { rig, seen: model.seen }
}

async function turn(rig: ReturnType<typeof createCallRig>, text: string): Promise<void> {
  await rig.speak(600)
  rig.stt.sessions[0]!.emit({ type: 'final', text })
  await rig.silence(1000)
}

describe('a model without an end', () => {
  it('is cut at the end of a sentence within max_reply_chars, stopped, and remembers what was said', async () => {
    const { rig, seen } = await asked(() => ({ type: 'text', text: SENTENCE }), {
      settings: { conversation: { maxReplyChars: 500 } },
    })
    expect(seen).toMatchObject({ aborted: true, ended: true })
    expect(seen.read).toBeLessThan(30 + HELD_PIECES)
    expect(rig.of('amount_cut').map(({ fields }) => fields)).toEqual([
      { what: 'reply_chars', limit: 500, turn: 1 },
    ])
    expect(rig.metrics.value('amounts_cut_total', { what: 'reply_chars' })).toBe(1)
    await rig.silence(60_000)
    expect(rig.of('reply_ended')[0]!.fields).toEqual({ turn: 1, outcome: 'heard' })
    await turn(rig, 'thank you')
    const answer = rig.llm.requests.at(-1)!.request.messages.at(-2)!
    expect(answer).toEqual({ role: 'assistant', content: SENTENCE.repeat(15).trim() })
    expect(rig.of('reply_ended')).toHaveLength(1)
    await rig.end()
  })

  for (const [kind, next] of [
    ['nothing', () => ({ type: 'text', text: '' })],
    ['white space', () => ({ type: 'text', text: ' \n' })],
    ['usage', () => ({ type: 'usage', inputTokens: 1, outputTokens: 1 })],
  ] satisfies [string, () => LlmEvent][]) {
    it(`is stopped when all it sends is ${kind}, and the caller is told`, async () => {
      const { rig, seen } = await asked(next)
      // The event loop has its turns between the pieces.
      await rig.silence(4000)
      expect(seen.aborted).toBe(true)
      expect(rig.of('amount_cut')[0]?.fields).toMatchObject({ what: 'reply_chars' })
      expect(rig.of('llm_failed')).toHaveLength(1)
      expect(rig.tts.requests.at(-1)!.request.text).toBe('Sorry, say that again.')
      await rig.end()
    })
  }

  it('is not read to the end of one huge piece', async () => {
    const { rig, seen } = await asked(() => ({ type: 'text', text: SENTENCE.repeat(1_000_000) }))
    expect(seen).toMatchObject({ read: 1, aborted: true })
    expect(rig.of('amount_cut')[0]?.fields).toMatchObject({ what: 'reply_chars' })
    await rig.end()
  })

  it('calls no tool when it calls tools without an end', async () => {
    for (const args of ['{}', `{"text":"${'x'.repeat(50_000)}"}`]) {
      const { rig, seen } = await asked((index) => ({
        type: 'tool-call',
        id: `id${index}`,
        name: 'hang_up',
        arguments: args,
      }))
      expect(seen.aborted).toBe(true)
      expect(seen.read).toBeLessThanOrEqual(MAX_TOOL_CALLS + 1)
      expect(rig.of('amount_cut')).toHaveLength(1)
      expect(rig.of('llm_failed')).toHaveLength(1)
      expect(rig.of('tool_called')).toEqual([])
      await rig.end()
    }
  })
})

describe('a listener who is slower than the model', () => {
  it('holds the model up, and the model goes on as the voice catches up', async () => {
    const { rig, seen } = await asked((index) =>
      index < 200 ? { type: 'text', text: SENTENCE } : { type: 'end', reason: 'stop' },
    )
    // What waits to be spoken, and what is being spoken.
    const atMost = (WAITING_CHARS + 600) / SENTENCE.length
    expect(seen.read).toBeLessThan(atMost + HELD_PIECES)
    const before = seen.read
    await rig.silence(150_000)
    expect(seen.read).toBeGreaterThan(before)
    expect(seen.read).toBeLessThan(before + atMost)
    expect(seen.ended).toBe(false)
    await rig.silence(600_000)
    expect(rig.of('reply_ended')[0]?.fields).toEqual({ turn: 1, outcome: 'heard' })
    expect(rig.of('amount_cut')).toEqual([])
    await rig.end()
  })

  it('holds it up for good when the line takes nothing, and lets it go with the call', async () => {
    const { rig, seen } = await asked(() => ({ type: 'text', text: SENTENCE }))
    rig.far.setBufferedBytes(1e9)
    await rig.silence(10_000)
    const before = seen.read
    await rig.silence(60_000)
    expect(seen.read).toBe(before)
    await rig.end()
    expect(seen).toMatchObject({ aborted: true, ended: true })
    expect(rig.time.pending()).toBe(0)
  })
})

describe('a voice without an end', () => {
  for (const [kind, chunkBytes, format] of [
    ['small pieces', 1600, undefined],
    ['pieces of an hour', 8000 * 3600, undefined],
    ['pieces of another format', 64_000, { encoding: 'linear16', sampleRateHz: 16_000 }],
  ] as const) {
    it(`is cut after what its text may take, in ${kind}, and never gets ahead of the line`, async () => {
      const rig = createCallRig({
        settings: { conversation: { greeting: '' } },
        llm: { replies: ['Hm.', 'Fine.'] },
        ...(format && { tts: { produces: [format] } }),
      })
      const seen = { bytes: 0, aborted: false }
      const speak = rig.tts.provider.speak
      let requests = 0
      async function* endless(signal: AbortSignal): AsyncGenerator<Uint8Array> {
        signal.addEventListener('abort', () => (seen.aborted = true))
        const chunk = new Uint8Array(chunkBytes).fill(0x55)
        for (; !signal.aborted; seen.bytes += chunkBytes) yield chunk
      }
      rig.tts.provider.speak = (request: TtsRequest, signal) =>
        requests++ === 0 ? endless(signal) : speak.call(rig.tts.provider, request, signal)
      rig.start()
      await rig.silence(200)
      await turn(rig, 'go on')
      expect(seen.bytes).toBeLessThanOrEqual(Math.max(2 * chunkBytes, 100_000))
      await rig.silence(maxSpeechMs(3) + 3000)
      expect(seen.aborted).toBe(true)
      expect(rig.of('amount_cut').map(({ fields }) => fields)).toEqual([
        { what: 'clause_audio_ms', limit: maxSpeechMs(3) },
      ])
      expect(rig.of('tts_failed')[0]?.fields).toMatchObject({ code: 'KAV_PROVIDER_BAD_DATA' })
      const media = rig.far.sent.filter(({ kind }) => kind === 'frame').length
      expect(media * 20).toBeLessThan(maxSpeechMs(3) + 5000)
      await turn(rig, 'once more')
      await rig.silence(2000)
      expect(rig.of('reply_ended')).toHaveLength(2)
      await rig.end()
    })
  }

  for (const [kind, chunk] of [
    ['nothing', new Uint8Array(0)],
    ['what is no audio', { length: NaN } as Uint8Array],
    ['null', null as unknown as Uint8Array],
  ] as const) {
    it(`is told from one that speaks when all it sends is ${kind}, without a pause`, async () => {
      const rig = createCallRig({ settings: { conversation: { greeting: '' } }, llm: { replies: ['Hm.'] } })
      const speak = rig.tts.provider.speak
      let requests = 0
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) yield chunk
      }
      rig.tts.provider.speak = (request: TtsRequest, signal) =>
        requests++ === 0 ? endless() : speak.call(rig.tts.provider, request, signal)
      rig.start()
      await rig.silence(200)
      await turn(rig, 'go on')
      expect(rig.of('tts_failed').map(({ fields }) => fields['code'])).toEqual(['KAV_PROVIDER_BAD_DATA'])
      await rig.end()
    })
  }

  it('keeps no more times of words than the text has characters', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } }, llm: { replies: ['Hm.'] } })
    const speak = rig.tts.provider.speak
    rig.tts.provider.speak = (request, signal) => {
      for (let index = 0; index < 2_000_000; index++) request.onWord?.({ word: 'hm', startMs: index })
      return speak.call(rig.tts.provider, request, signal)
    }
    rig.start()
    await rig.silence(200)
    await turn(rig, 'go on')
    expect(rig.of('amount_cut').map(({ fields }) => fields)).toEqual([{ what: 'word_times', limit: 3 }])
    expect(rig.metrics.value('amounts_cut_total', { what: 'word_times' })).toBe(10_000)
    await rig.end()
  })
})

it('a time of a word that is none does a voice no harm', async () => {
  const rig = createCallRig({ settings: { conversation: { greeting: '' } }, llm: { replies: ['Hm.'] } })
  const trap = new Proxy(
    {},
    { get: () => expect.fail('is not read'), ownKeys: () => expect.fail('nor listed') },
  )
  const speak = rig.tts.provider.speak
  rig.tts.provider.speak = (request, signal) => {
    for (const time of [null, 7, {}, { word: 'hm', startMs: 1n }, { word: 5, startMs: 1 }, trap])
      request.onWord?.(time as never)
    return speak.call(rig.tts.provider, request, signal)
  }
  rig.start()
  await rig.silence(200)
  await turn(rig, 'go on')
  expect(rig.of('tts_failed')).toEqual([])
  expect(rig.tts.requests).toHaveLength(1)
  await rig.end()
})

describe('a recogniser without an end', () => {
  it('that floods is replaced, and the caller is heard by the next session', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } } })
    rig.start()
    await rig.silence(2000)
    const flooding = rig.stt.sessions[0]!
    for (let index = 0; index < 20_000; index++) flooding.emit({ type: 'partial', text: `word ${index}` })
    await rig.silence(500)
    expect(rig.of('amount_cut').map(({ fields }) => fields['what'])).toEqual(['stt_events'])
    expect(rig.of('stt_lost')).toHaveLength(1)
    expect(flooding.closed).toBe(true)
    await rig.speak(600)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: 'are you there' })
    await rig.silence(2000)
    expect(rig.llm.requests.at(-1)!.request.messages.at(-1)).toEqual({
      role: 'user',
      content: 'are you there',
    })
    await rig.end()
  })

  it('that says too much in one final is cut short', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } } })
    rig.start()
    await rig.silence(500)
    await turn(rig, 'word '.repeat(1_000_000))
    expect(rig.of('amount_cut').map(({ fields }) => fields['what'])).toEqual(['stt_text_chars'])
    expect(rig.of('final')[0]!.private['text']).toHaveLength(10_000)
    await rig.end()
  })

  it('that has countless other readings of one final tells of ten, beside how sure it is', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } } })
    rig.start()
    await rig.silence(500)
    const alternatives = Array.from({ length: 50 }, (_, index) => `two ${index}`)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'two', confidence: 0.876, alternatives })
    await rig.silence(100)
    const [final] = rig.of('final')
    expect(final!.fields).toEqual({ confidence: 0.88 })
    expect(final!.private).toEqual({ text: 'two', alternatives: alternatives.slice(0, 10) })
    expect(rig.of('amount_cut').map(({ fields }) => fields['what'])).toEqual(['stt_alternatives'])
    await rig.end()
  })

  it('with a turn that never ends keeps the end of what was said', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } } })
    rig.start()
    await rig.silence(500)
    for (let index = 0; index < 60; index++) {
      await rig.speak(200)
      rig.stt.sessions[0]!.emit({ type: 'final', text: `${index} ${'word '.repeat(180)}` })
    }
    await rig.silence(2000)
    expect(rig.of('amount_cut').map(({ fields }) => fields['what'])).toEqual(['turn_chars'])
    const said = rig.llm.requests.at(-1)!.request.messages.at(-1)!.content
    expect(said.length).toBeLessThanOrEqual(MAX_TURN_CHARS)
    expect(said).toMatch(/^(word|\d+) .*59 word/)
    await rig.end()
  })
})

describe('a caller without an end', () => {
  it('presses no more keys than a phone can; the entry that they began is told', async () => {
    const rig = createCallRig({ settings: { conversation: { greeting: '' } } })
    rig.start()
    await rig.silence(500)
    for (let index = 0; index < 5000; index++) rig.far.dtmf('1')
    await rig.silence(100)
    expect(rig.of('dtmf')).toHaveLength(64)
    expect(rig.of('amount_cut').map(({ fields }) => fields)).toEqual([{ what: 'keys', limit: 20 }])
    expect(rig.metrics.value('amounts_cut_total', { what: 'keys' })).toBe(5000 - 64)
    await rig.silence(3000)
    for (const key of '4711#') rig.far.dtmf(key)
    await rig.silence(1000)
    expect(rig.llm.requests.at(-1)!.request.messages.at(-1)!.content).toContain('4711')
    await rig.end()
  })
})

describe('a speech-to-speech model without an end', () => {
  async function talking() {
    const rig = createCallRig({
      realtime: { replies: [] },
      settings: { conversation: { greeting: '' } },
    })
    rig.start()
    await rig.silence(100)
    const model = rig.realtime!.sessions[0]!
    model.emit({ type: 'reply-started', replyId: 'r1' })
    return { rig, model }
  }

  for (const [kind, seconds, times] of [
    ['in one piece', 3600, 1],
    ['in many', 1, 3600],
  ] as const) {
    it(`is cut when it sends an hour of audio at once, ${kind}, and remembers what will be heard`, async () => {
      const { rig, model } = await talking()
      const audio = new Uint8Array(seconds * 8000).fill(0x55)
      for (let index = 0; index < times; index++) model.emit({ type: 'audio', itemId: 'i1', audio })
      await rig.silence(1000)
      expect(rig.of('amount_cut').map(({ fields }) => fields)).toEqual([
        { what: 'realtime_audio_ms', limit: MAX_AHEAD_MS, turn: 1 },
      ])
      expect(model.interrupts).toHaveLength(1)
      const { heardMs, itemId } = model.interrupts[0]!.heard!
      expect(itemId).toBe('i1')
      expect(heardMs).toBeGreaterThanOrEqual(MAX_AHEAD_MS)
      expect(heardMs).toBeLessThan(MAX_AHEAD_MS + 5000)
      model.emit({ type: 'audio', itemId: 'i1', audio })
      model.emit({ type: 'reply-ended', replyId: 'r1', reason: 'interrupted' })
      await rig.wait(heardMs + 3000)
      const media = rig.far.sent.filter(({ kind }) => kind === 'frame').length
      expect(Math.abs(media * 20 - heardMs)).toBeLessThan(100)
      expect(rig.of('reply_ended')[0]?.fields).toEqual({ turn: 1, outcome: 'heard' })
      await rig.end()
    })
  }

  it('that floods ends its own call, and tells why', async () => {
    const { rig, model } = await talking()
    for (let index = 0; index < 50_000; index++)
      model.emit({ type: 'agent-partial', itemId: `i${index}`, text: 'on and on' })
    await turnsOfTheLoop(100)
    await rig.wait(15_000)
    expect(rig.of('amount_cut').map(({ fields }) => fields['what'])).toEqual(['realtime_events'])
    expect(rig.of('call_ended')[0]?.fields).toMatchObject({ ended_by: expect.anything() })
    expect(model.closed).toBe(true)
    expect(rig.time.pending()).toBe(0)
  })

  it('runs no more tools than a reply may call, and answers the others', async () => {
    const { rig, model } = await talking()
    for (let index = 0; index < 100; index++)
      model.emit({ type: 'tool-call', id: `c${index}`, name: 'nothing', arguments: '{}' })
    await rig.silence(500)
    expect(model.toolResults).toHaveLength(100)
    expect(rig.of('tool_called')).toHaveLength(MAX_TOOL_CALLS)
    expect(rig.metrics.value('amounts_cut_total', { what: 'tool_calls' })).toBe(100 - MAX_TOOL_CALLS)
    await rig.end()
  })
})
