import { describe, expect, it } from 'vitest'
import { decodeMulaw } from '../../../src/index.ts'
import { createCallRig } from '../call-rig.ts'

const REPLY = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ') + '.'

/** The agent is giving a long answer. */
async function answering(bargeIn: { duckDb?: number; minSpeechMs?: number } = {}) {
  const rig = createCallRig({
    llm: { replies: [REPLY, 'All right.'] },
    settings: { conversation: { greeting: '', bargeIn: { duckDb: 20, minSpeechMs: 900, ...bargeIn } } },
  })
  rig.start()
  await rig.silence(100)
  await rig.speak(600)
  const hear = (type: 'partial' | 'final', text: string): void =>
    rig.stt.sessions.at(-1)!.emit({ type, text })
  hear('final', 'tell me all')
  await rig.silence(2000)
  const frames = () => rig.far.sent.flatMap((sent) => (sent.kind === 'frame' ? [sent.bytes] : []))
  return { ...rig, hear, frames, clears: () => rig.far.sent.filter(({ kind }) => kind === 'clear').length }
}

/** Mean level of frames that went out. */
function level(frames: readonly Uint8Array[]): number {
  const samples = frames.flatMap((frame) => [...decodeMulaw(frame)])
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)
}

describe('a listener’s word over the agent', () => {
  it('makes no hole: the agent is softer for as long as it sounds, and says all', async () => {
    const rig = await answering()
    const before = rig.frames().slice(-10)
    await rig.speak(400)
    const ducked = rig.frames().slice(-10)
    rig.hear('final', 'mm-hm')
    await rig.silence(600)
    const after = rig.frames().slice(-10)
    expect(level(ducked)).toBeLessThan(level(before) * 0.2)
    expect(level(after)).toBeGreaterThan(level(before) * 0.5)
    expect(rig.clears()).toBe(0)
    await rig.silence(30_000)
    expect(rig.of('reply_ended').map(({ fields }) => fields['outcome'])).toEqual(['heard'])
    await rig.end()
  })

  it('does not make it softer where it is told not to be', async () => {
    const rig = await answering({ duckDb: 0 })
    const before = rig.frames().slice(-10)
    await rig.speak(400)
    expect(level(rig.frames().slice(-10))).toBeGreaterThan(level(before) * 0.5)
    await rig.end()
  })
})

describe('the agent’s own words on their way back', () => {
  it('do not interrupt it where no voice was heard, and others do', async () => {
    const rig = await answering()
    rig.hear('partial', 'word4 word5 word6')
    await rig.silence(600)
    expect(rig.of('words_overheard')).toHaveLength(1)
    expect(rig.clears()).toBe(0)
    rig.hear('partial', 'word4 please wait')
    await rig.silence(40)
    expect(rig.of('interrupted')).toHaveLength(1)
    await rig.end()
  })
})

describe('a caller who takes the word', () => {
  it('has it with the first words that mean something', async () => {
    const rig = await answering()
    await rig.speak(300)
    expect(rig.clears()).toBe(0)
    rig.hear('partial', 'no wait')
    await rig.speak(20)
    expect(rig.of('interrupted')).toHaveLength(1)
    await rig.end()
  })

  it('has it without words once the voice has lasted', async () => {
    const rig = await answering()
    await rig.speak(800)
    expect(rig.of('paused')).toHaveLength(0)
    await rig.speak(300)
    expect(rig.of('paused')).toHaveLength(1)
    await rig.end()
  })

  it('finds the agent as loud as before in the next reply', async () => {
    const rig = await answering()
    const before = rig.frames().slice(-10)
    await rig.speak(300)
    rig.hear('partial', 'no wait')
    await rig.speak(300)
    rig.hear('final', 'no wait')
    const from = rig.frames().length
    await rig.silence(1000)
    expect(level(rig.frames().slice(from + 2, from + 12))).toBeGreaterThan(level(before) * 0.5)
    await rig.end()
  })
})
