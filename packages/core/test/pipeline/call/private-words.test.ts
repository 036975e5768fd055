import { describe, expect, it } from 'vitest'
import { createRedaction } from '../../../src/redaction/redaction.ts'
import { type CallRigOptions, createCallRig } from '../call-rig.ts'
import { NOTHING } from '../../redaction/nothing-private.ts'

const MS_PER_CHARACTER = 60
const REPLY = 'I have your card 4242 4242 4242 4242 here, is it right? We can go on.'
const NUMBER = '4242 4242 4242 4242'
const redaction = createRedaction({ ...NOTHING, cards: true })

/** A caller who has said a card, word by word, and an agent who repeats it. */
async function called(tts: CallRigOptions['tts'] = {}, reply = REPLY) {
  const frames: number[] = []
  const rig = createCallRig({
    settings: { conversation: { greeting: '' } },
    llm: { replies: [reply] },
    tts: { msPerCharacter: MS_PER_CHARACTER, normalises: true, words: true, ...tts },
    redaction,
    taps: [
      {
        onCallerAudio: () => undefined,
        onAgentFrame: (_frame, playAtMs) => void frames.push(playAtMs - startMs),
        onCleared: () => undefined,
        close: () => undefined,
      },
    ],
  })
  const startMs = rig.clock.nowMs()
  rig.start()
  await rig.silence(1000)
  await rig.speak(3000)
  const words = `it is ${NUMBER} thanks`.split(' ')
  rig.stt.sessions[0]!.emit({
    type: 'final',
    text: words.join(' '),
    endMs: 3900,
    words: words.map((word, at) => ({ word, startMs: 1000 + at * 400, endMs: 1400 + at * 400 })),
  })
  await rig.silence(1000)
  const sounds = (who: string) =>
    rig.of('redacted').flatMap(({ fields }) => (fields['who'] === who ? [fields] : []))
  /** When so many characters of the reply were heard. */
  const heardMs = (text: string) => frames[0]! + reply.indexOf(text) * MS_PER_CHARACTER
  return { ...rig, frames, sounds, heardMs }
}

describe('the sound of a number', () => {
  it('is that of its words, of the caller', async () => {
    const { sounds, end } = await called()
    // Frames of 20 ms come as they are spoken: the first one at once.
    expect(sounds('caller')).toEqual([
      { who: 'caller', kind: 'card', from_ms: 1780, to_ms: 3380, by: 'words' },
    ])
    await end()
  })

  it.each([
    ['clause by clause', {}],
    ['in one stream', { streams: true }],
  ])('is that of its words where the agent repeats it, %s', async (_how, tts) => {
    const { sounds, heardMs, silence, end } = await called(tts)
    await silence(8000)
    const [open, placed, ...more] = sounds('agent')
    expect(open).toMatchObject({ by: 'utterance', sound: 1 })
    expect(open).not.toHaveProperty('to_ms')
    expect(more).toEqual([])
    expect(placed).toMatchObject({ by: 'words', sound: 1 })
    // To a frame: positions are counted in whole ones.
    expect(Math.abs(Number(placed!['from_ms']) - heardMs(NUMBER))).toBeLessThanOrEqual(20)
    expect(Math.abs(Number(placed!['to_ms']) - heardMs('here,'))).toBeLessThanOrEqual(20)
    await end()
  })

  it('is that of its clause for a voice that tells no times of words', async () => {
    const { sounds, frames, heardMs, silence, end } = await called({ words: false })
    await silence(8000)
    const placed = sounds('agent')[1]!
    expect(placed).toMatchObject({ by: 'utterance', from_ms: frames[0] })
    expect(Number(placed['to_ms'])).toBeGreaterThan(heardMs('here,'))
    expect(Number(placed['to_ms'])).toBeLessThan(frames.at(-1)!)
    await end()
  })

  it.each([
    ['clause by clause', {}],
    ['in one stream', { streams: true }],
    ['by a voice that tells no times of words', { words: false }],
  ])('begins with the clause of the reply in which the number began, %s', async (_how, tts) => {
    const { sounds, heardMs, silence, end } = await called(
      tts,
      'I am glad to help you with it. It is 4242 4242. Fine, then 4242 4242. Right? We go on.',
    )
    await silence(8000)
    const placed = sounds('agent').find((sound) => 'to_ms' in sound)!
    // Clauses follow each other without the space between them.
    expect(Number(placed['from_ms'])).toBeGreaterThan(heardMs('with it'))
    expect(Number(placed['from_ms'])).toBeLessThanOrEqual(heardMs('4242'))
    expect(Number(placed['to_ms'])).toBeGreaterThanOrEqual(heardMs(' Right?') - 2 * MS_PER_CHARACTER)
    expect(Number(placed['to_ms'])).toBeLessThan(heardMs('We go on'))
    await end()
  })

  it('ends where the caller cut it short, and begins again with the rest of it', async () => {
    const { sounds, of, heardMs, silence, speak, end } = await called()
    // In the middle of the number.
    await silence(REPLY.indexOf(NUMBER) * MS_PER_CHARACTER + 100)
    await speak(300)
    expect(of('paused')).toHaveLength(1)
    const placed = sounds('agent')[1]!
    expect(Math.abs(Number(placed['from_ms']) - heardMs(NUMBER))).toBeLessThanOrEqual(20)
    expect(Number(placed['to_ms'])).toBeLessThanOrEqual(of('paused')[0]!.atMs + 200)
    // It was a noise, and the rest of the number is said again.
    await silence(9000)
    expect(of('resumed')).toHaveLength(1)
    expect(sounds('agent')).toHaveLength(4)
    expect(sounds('agent')[3]).toMatchObject({ kind: 'card', by: 'words', sound: 2 })
    const said = of('agent_said').map((event) => String(event.private['text']))
    expect(said.filter((text) => text.startsWith('[card] here'))).toHaveLength(1)
    await end()
  })
})
