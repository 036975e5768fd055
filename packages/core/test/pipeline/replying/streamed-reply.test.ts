import { describe, expect, it } from 'vitest'
import { MULAW_8K, ProviderError } from '../../../src/index.ts'
import { fakeSpeech } from '../../../src/testing/fakes/fake-speech.ts'
import type { FakeVoice } from '../../../src/testing/index.ts'
import { createCallRig, type CallRigOptions } from '../call-rig.ts'

const NETWORK = new ProviderError('network', 'the line broke')
const FALLBACK = 'Sorry, say that again.'
const CLAUSES = ['The first one is here.', 'Then comes the second one.', 'And this is the third one.']
const REPLY = CLAUSES.join(' ')
type Rig = Awaited<ReturnType<typeof asked>>

/** A call with a voice that streams, after its greeting; the caller has just asked for something. */
async function asked(options: CallRigOptions = {}) {
  const rig = createCallRig({
    llm: { replies: [REPLY, 'As you like.'] },
    ...options,
    tts: { streams: true, ...options.tts },
  })
  rig.start()
  await rig.silence(1500)
  await rig.speak(600)
  rig.stt.sessions[0]!.emit({ type: 'final', text: 'tell me' })
  return rig
}

/** Everything the voice was asked for after the greeting; a stream is a list. */
const spoken = (rig: Rig): (string | readonly string[])[] =>
  rig.tts.requests.slice(1).map(({ request, streamed }) => streamed?.clauses ?? request.text)

const said = (rig: Rig): unknown[] =>
  rig.of('agent_said').flatMap(({ fields, private: { text } }) => (fields['turn'] === 0 ? [] : [text]))

/** The first request after the greeting misbehaves. */
const once = (bad: FakeVoice): NonNullable<CallRigOptions['tts']> => ({
  voice: (_request, index) => (index === 1 ? bad : undefined),
})

/** `refused`: requests that never began. */
async function expectCleanEnd(rig: Rig, refused = 0): Promise<void> {
  expect((await rig.end()).endedBy).toBe('caller')
  expect(rig.of('stage_failed')).toEqual([])
  expect(rig.time.pending()).toBe(0)
  expect(rig.tts.requests.filter(({ endedAtMs }) => endedAtMs === undefined)).toHaveLength(refused)
}

describe('a reply through one stream of the voice', () => {
  it('is all its clauses in their order, while the greeting goes the ordinary way', async () => {
    const rig = await asked()
    await rig.silence(8000)
    expect(rig.tts.requests.map(({ streamed }) => streamed?.complete)).toEqual([undefined, true])
    expect(spoken(rig)).toEqual([CLAUSES])
    expect(said(rig)).toEqual(CLAUSES)
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    const speech = Buffer.concat(CLAUSES.map((clause) => fakeSpeech(clause, MULAW_8K)))
    expect(Buffer.from(rig.far.sentAudio()).includes(speech)).toBe(true)
    const marks = rig.far.sent.flatMap((sent) => (sent.kind === 'mark' ? [sent.name] : []))
    expect(marks.filter((name) => name.startsWith('reply_end'))).toHaveLength(1)
    await expectCleanEnd(rig)
  })

  it('is heard while the model still writes, however slowly', async () => {
    const rig = await asked({ llm: { replies: [{ text: REPLY, tokenMs: 900 }] } })
    await rig.silence(7000)
    expect(rig.far.sentAudio().length).toBeGreaterThan(36 * 160)
    expect(rig.tts.requests[1]!.streamed!.complete).toBe(false)
    await rig.silence(18_000)
    expect(spoken(rig)).toEqual([CLAUSES])
    expect(rig.of('tts_failed')).toEqual([])
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await expectCleanEnd(rig)
  })

  it('is taken from the voice no faster than there is room for it', async () => {
    const long = Array.from({ length: 40 }, () => CLAUSES[0]!).join(' ')
    const rig = await asked({ llm: { replies: [long] } })
    await rig.silence(1500)
    const [, stream] = rig.tts.requests
    expect(stream!.streamed!.complete).toBe(true)
    expect(stream!.bytes).toBeLessThan((144 + 200) * 160)
    await rig.silence(5000)
    expect(stream!.bytes).toBeGreaterThan(144 * 160)
    expect((await rig.end()).counters['tx_queue_dropped_frames']).toBe(0)
    expect(stream!.abortedAtMs).toBeDefined()
  })

  it('is held while it is only prepared', async () => {
    const rig = createCallRig({ llm: { preemptive: true, replies: [REPLY] }, tts: { streams: true } })
    rig.start()
    await rig.silence(1500)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'partial', text: 'hello' })
    const framesBefore = rig.far.sent.length
    await rig.silence(300)
    expect(rig.tts.requests[1]!.streamed!.clauses).toEqual(CLAUSES)
    expect(rig.far.sent.length).toBe(framesBefore)
    expect(said(rig)).toEqual([])
    await rig.silence(400)
    expect(rig.far.sent.length).toBeGreaterThan(framesBefore)
    expect(said(rig)).toEqual(CLAUSES)
    await expectCleanEnd(rig)
  })

  it('ends before what a tool does, and another one goes on after it', async () => {
    const call = { id: 't1', name: 'nothing', arguments: '{}' }
    const rig = await asked({ llm: { replies: [{ text: CLAUSES[0]!, toolCalls: [call] }, CLAUSES[1]!] } })
    await rig.silence(6000)
    expect(spoken(rig)).toEqual([[CLAUSES[0]], [CLAUSES[1]]])
    await expectCleanEnd(rig)
  })
})

describe('an interrupted stream', () => {
  it.each([
    ['by the pace of speech', false],
    ['by the times of words', true],
  ])('is heard %s; a noise resumes it in a new one, from there', async (_how, words) => {
    const rig = await asked({ tts: { words, chunkEveryMs: 190 } })
    await rig.silence(2500)
    await rig.speak(300)
    const heard = String(rig.of('paused')[0]?.private['heard'])
    expect(heard).toMatch(/^The first one/)
    expect(REPLY.startsWith(heard)).toBe(true)
    expect(rig.tts.requests[1]!.abortedAtMs).toBeDefined()
    await rig.silence(9000)
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    const [, rest] = spoken(rig)
    expect(Array.isArray(rest)).toBe(true)
    expect(`${heard} ${(rest as readonly string[]).join(' ')}`).toBe(REPLY)
    expect(rest).toContain(CLAUSES[2])
    await expectCleanEnd(rig)
  })

  it('is in the model’s context as far as it was heard', async () => {
    const rig = await asked()
    await rig.silence(2500)
    await rig.speak(400)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'stop please' })
    await rig.silence(900)
    const [agent] = rig.llm.requests.at(-1)!.request.messages.slice(-2)
    const heard = (agent as { content: string }).content
    expect(REPLY.startsWith(heard)).toBe(true)
    expect(heard.length).toBeLessThan(REPLY.length)
    await rig.silence(3000)
    expect(spoken(rig)).toEqual([CLAUSES, ['As you like.']])
    await expectCleanEnd(rig)
  })

  it('of a model that was still writing goes on with what it wrote meanwhile', async () => {
    const rig = await asked({ llm: { replies: [{ text: REPLY, tokenMs: 300 }] } })
    await rig.silence(3000)
    await rig.speak(300)
    await rig.silence(12_000)
    const heard = String(rig.of('paused')[0]?.private['heard'])
    const streams = spoken(rig)
    expect(streams).toHaveLength(2)
    expect(streams[0]).not.toEqual(CLAUSES)
    expect(`${heard} ${[streams[1]].flat().join(' ')}`).toBe(REPLY)
    await expectCleanEnd(rig)
  })
})

describe('a stream that fails', () => {
  it.each<[string, FakeVoice]>([
    ['at once', { error: NETWORK }],
    ['by throwing synchronously', { error: NETWORK, throwsSynchronously: true }],
    ['by saying nothing', { stallsAfterBytes: 0 }],
    ['by ending without audio', { msPerCharacter: 0 }],
  ])('%s is spoken clause by clause instead, every clause once', async (how, bad) => {
    const rig = await asked({ tts: once(bad) })
    await rig.silence(12_000)
    expect(spoken(rig).filter((one) => typeof one === 'string')).toEqual(CLAUSES)
    expect(said(rig)).toEqual(CLAUSES)
    expect(rig.metrics.value('tts_stream_fallbacks_total')).toBe(1)
    expect(rig.of('tts_stream_fell_back')).toHaveLength(1)
    expect(rig.of('tts_failed')).toEqual([])
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await expectCleanEnd(rig, how.includes('throwing') ? 1 : 0)
  })

  it.each<[string, FakeVoice]>([
    ['with an error', { error: NETWORK }],
    ['without audio', { msPerCharacter: 0 }],
  ])('%s is forgotten by the words left to say, and tried again for the next reply', async (_how, bad) => {
    const rig = await asked({ tts: once(bad) })
    await rig.silence(2500)
    await rig.speak(300)
    const before = spoken(rig).length
    await rig.silence(9000)
    const heard = String(rig.of('paused')[0]?.private['heard'])
    expect(heard).toMatch(/^The first/)
    expect(`${heard} ${spoken(rig).slice(before).join(' ')}`).toBe(REPLY)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'and now' })
    await rig.silence(3000)
    expect(spoken(rig).at(-1)).toEqual(['As you like.'])
    await expectCleanEnd(rig)
  })

  it.each<[string, FakeVoice]>([
    ['with an error', { error: NETWORK, errorAfterBytes: 8000 }],
    ['by stalling', { stallsAfterBytes: 8000 }],
  ])('in mid-audio, %s, says the fallback line once and goes on clause by clause', async (_how, bad) => {
    const slow = { text: REPLY, tokenMs: 400 }
    const rig = await asked({ tts: once(bad), llm: { replies: [slow, 'As you like.'] } })
    await rig.silence(20_000)
    expect(rig.of('tts_failed')).toHaveLength(1)
    const after = spoken(rig).slice(1)
    expect(after[0]).toBe(FALLBACK)
    expect(after.filter((one) => one === FALLBACK)).toHaveLength(1)
    const [given] = spoken(rig)
    expect([...[given].flat(), ...after.slice(1)]).toEqual(CLAUSES)
    await rig.speak(600)
    rig.stt.sessions[0]!.emit({ type: 'final', text: 'and now' })
    await rig.silence(900)
    const content = String(rig.llm.requests.at(-1)!.request.messages.at(-2)!.content)
    expect(content).toMatch(/^The first one/)
    expect(content).toContain(FALLBACK)
    expect(content).not.toContain(`${CLAUSES[0]} ${FALLBACK}`)
    await rig.silence(3000)
    await expectCleanEnd(rig)
  })
})

describe('a call that ends', () => {
  it('ends the voice’s stream', async () => {
    const rig = await asked()
    await rig.silence(1500)
    const endedMs = rig.clock.nowMs()
    await rig.end()
    expect(rig.tts.requests[1]!.abortedAtMs! - endedMs).toBeLessThan(100)
    expect(rig.time.pending()).toBe(0)
  })
})
