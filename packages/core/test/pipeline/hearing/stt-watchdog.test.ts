import { describe, expect, it } from 'vitest'
import { createSttRig, numbers, range } from './stt-rig.ts'

describe('the watchdog', () => {
  it('lets another session take over from one that has never said a word, through 5 s of voice in all', async () => {
    const rig = createSttRig()
    rig.link.open()
    for (let i = 0; i < 6; i++) {
      await rig.speak(900)
      await rig.silence(300)
    }
    expect(rig.stt.sessions).toHaveLength(2)
    expect(rig.of('stt_rotated')[0]?.fields['reason']).toBe('silent-through-speech')
    expect(rig.of('stt_lost')).toEqual([])
    await rig.end()
    // The new one was given all that the old one had heard in vain.
    expect(numbers(rig.live())).toEqual(range(0, rig.frames))
  })

  it('tries the next provider when the second one is silent, too, and then leaves it at that', async () => {
    const rig = createSttRig({ fallback: {} })
    rig.link.open()
    await rig.speak(120_000)
    expect(rig.stt.sessions).toHaveLength(2)
    expect(rig.fallback!.sessions).toHaveLength(1)
    await rig.end()
  })

  it('keeps the one session of a television that nobody can make words of', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1000)
    rig.live().emit({ type: 'final', text: 'hello', endMs: 900 })
    await rig.speak(120_000)
    expect(rig.stt.sessions).toHaveLength(1)
    expect(rig.of('stt_lost')).toEqual([])
    await rig.end()
  })

  it('gives up a session that began to say something and then fell silent', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1000)
    rig.live().emit({ type: 'partial', text: 'I would like' })
    await rig.speak(5200)
    expect(rig.stt.sessions).toHaveLength(2)
    expect(rig.of('stt_lost')[0]?.private['error']).toContain('silent through 5000 ms of speech')
    await rig.speak(2000)
    expect(numbers(rig.live()).slice(0, 300)).toEqual(range(0, 300))
    await rig.end()
  })

  it.each([
    ['has words', 'hello?', 2],
    ['has none', '', 1],
  ])('asks for the voice that got no answer in one request: when it %s', async (_what, text, sessions) => {
    const rig = createSttRig({ stt: { recognize: () => text } })
    rig.link.open()
    await rig.speak(1000)
    rig.live().emit({ type: 'final', text: 'hello', endMs: 1000 })
    await rig.speak(5500)
    expect(rig.stt.recognized).toHaveLength(1)
    expect(rig.stt.recognized[0]!.length).toBeGreaterThan(5 * 8000 - 1000)
    expect(rig.stt.sessions).toHaveLength(sessions)
    await rig.end()
  })

  it('leaves a session alone that speaks, or whose caller is silent', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.silence(12_000)
    for (let i = 0; i < 3; i++) {
      await rig.speak(4000)
      rig.live().emit({ type: 'partial', text: `word ${i}` })
    }
    expect(rig.stt.sessions).toHaveLength(1)
    await rig.end()
  })
})
