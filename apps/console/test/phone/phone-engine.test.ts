import { decodeMulaw } from '@kav/core/audio'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBadLine, GOOD_LINE, type LineSettings } from '../../src/phone/engine/bad-line.ts'
import type { EngineReport, EngineSend } from '../../src/phone/engine/engine-messages.ts'
import { createPhoneEngine } from '../../src/phone/engine/phone-engine.ts'

const BLOCK = 128
/** Of the phone network itself: what is played can be told sample by sample. */
const NARROW_HZ = 8000

interface Told {
  readonly marks: { name: string; cleared: boolean; heard: number }[]
  readonly sent: { message: EngineSend; atMs: number }[]
  report?: EngineReport
}

/** An engine whose time is counted, with silence in its microphone unless something else is given. */
function openEngine(options: { sampleRateHz?: number; seed?: number; line?: LineSettings } = {}) {
  const { sampleRateHz = NARROW_HZ, seed = 1, line = GOOD_LINE } = options
  const told: Told = { marks: [], sent: [] }
  const output: number[] = []
  let heard = 0
  const block = new Float32Array(BLOCK)
  /** What is told while a block is made is told of that block, too. */
  let making = false
  const voiceOf = (samples: Float32Array): number => samples.filter((sample) => sample !== 0).length
  const nowMs = () => ((output.length + (making ? BLOCK : 0)) / sampleRateHz) * 1000
  const engine = createPhoneEngine({
    sampleRateHz,
    seed,
    onTold(one) {
      if (one.type === 'send') told.sent.push({ message: one.message, atMs: nowMs() })
      else if (one.type === 'report') told.report = one.report
      else
        told.marks.push({
          name: one.name,
          cleared: one.cleared,
          heard: heard + (making ? voiceOf(block) : 0),
        })
    },
  })
  engine.take({ type: 'line', settings: line })
  return {
    engine,
    told,
    output,
    nowMs,
    run(blocks: number, microphone?: Float32Array) {
      for (let at = 0; at < blocks; at++) {
        making = true
        engine.process(microphone, block)
        making = false
        output.push(...block)
        heard += voiceOf(block)
      }
    },
    frame(code: number, samples = 160) {
      engine.take({ type: 'media', audio: new Uint8Array(samples).fill(code) })
    },
  }
}

const lateLine = { jitterMs: fc.integer({ min: 0, max: 300 }), delayMs: fc.integer({ min: 0, max: 300 }) }
const badLine = fc.record<LineSettings>({ lossShare: fc.constantFrom(0, 0.1, 0.5, 1), ...lateLine })

const frames = fc.record({ do: fc.constant('frames' as const), count: fc.integer({ min: 1, max: 12 }) })
const mark = fc.record({ do: fc.constant('mark' as const) })
const clear = fc.record({ do: fc.constant('clear' as const) })
const wait = fc.record({ do: fc.constant('wait' as const), blocks: fc.integer({ min: 1, max: 25 }) })

type Phone = ReturnType<typeof openEngine>
type Act = { do: 'frames'; count: number } | { do: 'mark' } | { do: 'clear' } | { do: 'wait'; blocks: number }

/** Does what the server does, and waits until all of it must have been heard. Returns what stood before each mark. */
function play(phone: Phone, acts: readonly Act[], isLost: () => boolean = () => false): readonly number[] {
  const voiceBefore: number[] = []
  let voice = 0
  let sent = 0
  phone.engine.take({ type: 'begin' })
  for (const one of acts) {
    if (one.do === 'wait') phone.run(one.blocks)
    else if (one.do === 'clear') phone.engine.take({ type: 'clear' })
    else if (one.do === 'mark') phone.engine.take({ type: 'mark', name: String(voiceBefore.push(voice) - 1) })
    else
      for (let at = 0; at < one.count; at++) {
        phone.frame(0x80 | (10 + (sent++ % 100)))
        if (!isLost()) voice += 160
      }
  }
  phone.run(Math.ceil((sent * 160 + 8 * 1200) / BLOCK) + 2)
  phone.engine.take({ type: 'end' })
  return voiceBefore
}

describe('what a mark says', () => {
  it('is the truth on any line: it comes back in its turn, when all before it was played to the last sample', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(frames, frames, mark, wait), { maxLength: 40 }),
        badLine,
        fc.integer(),
        (acts, line, seed) => {
          const phone = openEngine({ line, seed })
          // What is lost is a matter of the seed alone.
          const same = createBadLine<undefined>(~seed, () => undefined)
          same.set(line)
          const voiceBefore = play(phone, acts, () => !same.push(0, undefined, true))
          const { marks, sent, report } = phone.told
          expect(marks.map(({ name, cleared }) => [name, cleared])).toEqual(
            voiceBefore.map((_, at) => [String(at), false]),
          )
          for (const [at, { heard }] of marks.entries())
            expect(heard).toBeGreaterThanOrEqual(voiceBefore[at]!)
          expect(sent.flatMap(({ message }) => (message.type === 'mark' ? [message.name] : []))).toEqual(
            marks.map(({ name }) => name),
          )
          expect(report).toMatchObject({
            marksPlayed: marks.length,
            marksCleared: 0,
            discardedMs: 0,
            overflowMs: 0,
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is the truth where the server takes audio back: what was not heard is taken back, and no mark says otherwise', () => {
    const late = fc.record<LineSettings>({ lossShare: fc.constant(0), ...lateLine })
    fc.assert(
      fc.property(
        fc.array(fc.oneof(frames, frames, mark, clear, wait), { maxLength: 40 }),
        late,
        (acts, line) => {
          const phone = openEngine({ line })
          const voiceBefore = play(phone, acts)
          const { marks, report } = phone.told
          const given = acts.reduce((sum, one) => sum + (one.do === 'frames' ? one.count * 160 : 0), 0)
          const heard = phone.output.filter((sample) => sample !== 0).length
          expect(heard + report!.discardedMs * 8).toBe(given)
          expect(marks.map(({ name }) => name)).toEqual(voiceBefore.map((_, at) => String(at)))
          expect(report!.marksPlayed + report!.marksCleared).toBe(marks.length)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('tells what was heard from what was taken back', () => {
    const phone = openEngine()
    phone.engine.take({ type: 'begin' })
    phone.frame(0xa0, 800)
    phone.engine.take({ type: 'mark', name: 'first' })
    phone.frame(0xb0, 800)
    phone.engine.take({ type: 'mark', name: 'second' })
    // 40 ms held, 100 ms of the first, and some of the second.
    phone.run(Math.ceil((320 + 800 + 100) / BLOCK))
    expect(phone.told.marks.map(({ name }) => name)).toEqual(['first'])
    phone.engine.take({ type: 'clear' })
    expect(phone.told.marks.map(({ name, cleared }) => [name, cleared])).toEqual([
      ['first', false],
      ['second', true],
    ])
    const before = phone.output.filter((sample) => sample !== 0).length
    phone.run(50)
    expect(phone.output.filter((sample) => sample !== 0).length).toBe(before)
    expect(phone.told.report).toMatchObject({
      marksPlayed: 1,
      marksCleared: 1,
      discardedMs: (1600 - before) / 8,
    })
  })

  it('stands where it stood, when all before it is lost', () => {
    const phone = openEngine({ line: { lossShare: 1, jitterMs: 0, delayMs: 0 } })
    phone.engine.take({ type: 'begin' })
    for (let at = 0; at < 5; at++) phone.frame(0xa0)
    phone.engine.take({ type: 'mark', name: 'end' })
    while (phone.told.marks.length === 0 && phone.nowMs() < 1000) phone.run(1)
    // 40 ms held and five frames of silence.
    expect(phone.nowMs()).toBeGreaterThanOrEqual(140)
    expect(phone.nowMs()).toBeLessThan(140 + 2 * 16)
    expect(phone.output.every((sample) => sample === 0)).toBe(true)
  })

  it('waits for the loudspeaker, and no longer than for it', () => {
    const phone = openEngine()
    phone.engine.take({ type: 'begin' })
    phone.engine.take({ type: 'latency', ms: 200 })
    phone.frame(0xa0)
    phone.engine.take({ type: 'mark', name: 'end' })
    while (phone.told.marks.length === 0 && phone.nowMs() < 1000) phone.run(1)
    // 40 ms held and 20 ms of audio.
    expect(phone.nowMs()).toBeGreaterThanOrEqual(260)
    expect(phone.nowMs()).toBeLessThan(260 + 2 * 16)
    // Behind the audio, in the clock of the ear.
    phone.run(100)
    expect(phone.told.report!.heardMs).toBeLessThanOrEqual(phone.nowMs() - 200)
  })

  it('is the same at a loudspeaker’s own rate, to within the filter', () => {
    const phone = openEngine({ sampleRateHz: 48_000 })
    phone.engine.take({ type: 'begin' })
    phone.frame(0xa0, 1600)
    phone.engine.take({ type: 'mark', name: 'end' })
    while (phone.told.marks.length === 0 && phone.nowMs() < 1000) phone.run(1)
    const lastLoud = phone.output.findLastIndex((sample) => Math.abs(sample) > 0.02)
    // 40 ms held, 200 ms of audio, and the mark within a step and a block of its end.
    expect(lastLoud / 48).toBeGreaterThan(238)
    expect(lastLoud / 48).toBeLessThan(242)
    expect(phone.nowMs()).toBeGreaterThanOrEqual(240)
    expect(phone.nowMs()).toBeLessThan(246)
  })
})

describe('the caller’s side', () => {
  const media = ({ told }: Phone) =>
    told.sent.flatMap(({ message }) => (message.type === 'media' ? [message] : []))

  it('sends nothing before the stream is up, and a frame each 20 ms from then on, silence too', () => {
    const phone = openEngine()
    phone.run(50)
    expect(phone.told.sent).toEqual([])
    phone.engine.take({ type: 'begin' })
    phone.run(125)
    const sent = media(phone)
    expect(sent.length).toBe(100)
    expect(sent.map(({ timestampMs }) => timestampMs)).toEqual(sent.map((_, at) => at * 20))
    expect(sent.every(({ audio }) => audio.every((code) => code === 0xff))).toBe(true)
  })

  it('shows what is lost on the way as a gap in the time stamps, and counts it', () => {
    const phone = openEngine({ line: { lossShare: 0.3, jitterMs: 0, delayMs: 0 }, seed: 4 })
    phone.engine.take({ type: 'begin' })
    phone.run(250)
    phone.engine.take({ type: 'end' })
    const sent = media(phone)
    const { lostUp, callerFrames } = phone.told.report!
    expect(callerFrames).toBe(200)
    expect(sent.length).toBe(200 - lostUp)
    expect(lostUp).toBeGreaterThan(30)
    expect(sent.every(({ timestampMs }) => timestampMs % 20 === 0)).toBe(true)
  })

  it('is silent while it is muted, and still there', () => {
    const phone = openEngine()
    const loud = new Float32Array(BLOCK).fill(0.5)
    phone.engine.take({ type: 'begin' })
    phone.engine.take({ type: 'mute', on: true })
    phone.run(25, loud)
    const muted = media(phone)
    expect(muted.length).toBe(20)
    expect(muted.every(({ audio }) => audio.every((code) => code === 0xff))).toBe(true)
    phone.engine.take({ type: 'mute', on: false })
    phone.run(25, loud)
    expect(
      media(phone)
        .at(-1)!
        .audio.every((code) => decodeMulaw(Uint8Array.of(code))[0]! > 15_000),
    ).toBe(true)
  })

  it('presses keys in order with what is said, as late as the line has it', () => {
    const phone = openEngine({ line: { lossShare: 0, jitterMs: 0, delayMs: 300 } })
    phone.engine.take({ type: 'begin' })
    phone.engine.take({ type: 'key', digit: '7' })
    phone.engine.take({ type: 'key', digit: '#' })
    phone.run(50)
    const keys = phone.told.sent.filter(({ message }) => message.type === 'key')
    expect(keys.map(({ message }) => message)).toEqual([
      { type: 'key', digit: '7' },
      { type: 'key', digit: '#' },
    ])
    for (const { atMs } of keys) {
      expect(atMs).toBeGreaterThanOrEqual(300)
      expect(atMs).toBeLessThan(300 + 2 * 16)
    }
  })

  it('knows how long the caller waited for the answer', () => {
    const phone = openEngine()
    phone.engine.take({ type: 'begin' })
    phone.run(20, new Float32Array(BLOCK).fill(0.5))
    const endMs = phone.nowMs()
    phone.run(60)
    phone.frame(0xa0, 1600)
    phone.run(20)
    phone.engine.take({ type: 'end' })
    const answeredMs = endMs + 60 * 16 + 40
    expect(Math.abs(phone.told.report!.waitedMs! - (answeredMs - endMs))).toBeLessThan(40)
  })

  it('takes an agent who goes on speaking for no answer', () => {
    const phone = openEngine()
    phone.engine.take({ type: 'begin' })
    phone.frame(0xa0, 8000)
    phone.run(10)
    phone.run(20, new Float32Array(BLOCK).fill(0.5))
    phone.run(20)
    phone.engine.take({ type: 'end' })
    expect(phone.told.report!.waitedMs).toBeUndefined()
  })

  it('says nothing once the call is over', () => {
    const phone = openEngine()
    phone.engine.take({ type: 'begin' })
    phone.frame(0xa0, 8000)
    phone.engine.take({ type: 'mark', name: 'never heard' })
    phone.run(10)
    phone.engine.take({ type: 'end' })
    const sent = phone.told.sent.length
    expect(phone.told.marks.map(({ name, cleared }) => [name, cleared])).toEqual([['never heard', true]])
    phone.engine.take({ type: 'key', digit: '1' })
    phone.run(100, new Float32Array(BLOCK).fill(0.5))
    expect(phone.told.sent.length).toBe(sent)
  })
})
