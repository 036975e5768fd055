import { describe, expect, it } from 'vitest'
import type { FakeSttSession } from '../../../src/testing/index.ts'
import { createSttRig, NETWORK, numbers, range } from './stt-rig.ts'

/** A caller who speaks all the time; what a session says it heard is the numbers of its frames. */
async function onCall() {
  const rig = createSttRig({ stt: { session: () => ({ finishMs: Infinity }) } })
  const toldFrames = new Map<FakeSttSession, number>()
  rig.link.open()
  await rig.speak(1500)
  return {
    ...rig,
    session: (index: number) => rig.stt.sessions[index]!,
    /** Between two words. */
    async replace(language: string): Promise<void> {
      rig.detected(false)
      rig.link.useLanguage(language, [rig.instanceOf('stt', 'fake', rig.stt.provider)])
      await rig.time.settle()
    },
    /** All it was given since the last final, or so many frames of it. */
    says(session: FakeSttSession, how: { timed: boolean; frames?: number }): void {
      const told = toldFrames.get(session) ?? 0
      const heard = numbers(session).slice(told, how.frames && told + how.frames)
      const end = told + heard.length
      toldFrames.set(session, end)
      session.emit({ type: 'final', text: heard.join(' '), ...(how.timed && { endMs: end * 20 }) })
    },
    /** The last session says the rest. */
    async everyFrameIsToldOnce(): Promise<void> {
      await rig.silence(5000)
      const last = rig.live()
      const rest = numbers(last).slice(toldFrames.get(last) ?? 0)
      last.emit({ type: 'final', text: rest.join(' ') })
      await rig.silence(100)
      const words = rig.texts().flatMap((text) => text.split(' ').map(Number))
      expect(words).toEqual(range(0, words.length))
      expect(words.length).toBeGreaterThan(rig.frames - 20)
      await rig.end()
    },
  }
}

describe('a session that is replaced while the one before it still owes its last words', () => {
  it('loses nothing when those never come', async () => {
    const call = await onCall()
    await call.replace('he-IL')
    await call.speak(300)
    await call.replace('fr-FR')
    await call.speak(4000)
    await call.everyFrameIsToldOnce()
  })

  it.each([true, false])(
    'has them told before the words of its successor (with times: %s)',
    async (timed) => {
      const call = await onCall()
      await call.replace('he-IL')
      await call.speak(300)
      await call.replace('fr-FR')
      await call.speak(300)
      call.says(call.session(0), { timed })
      call.session(0).end()
      await call.speak(1000)
      await call.everyFrameIsToldOnce()
    },
  )

  it.each([true, false])('may die: nothing is heard twice (with times: %s)', async (timed) => {
    const call = await onCall()
    await call.replace('he-IL')
    await call.speak(300)
    call.session(1).session.write = () => {
      throw NETWORK
    }
    await call.speak(300)
    call.says(call.session(0), { timed })
    call.session(0).end()
    await call.speak(1000)
    await call.everyFrameIsToldOnce()
  })

  it('may speak before that, and die after it: its final is about what it had heard by then', async () => {
    const call = await onCall()
    await call.replace('he-IL')
    await call.speak(400)
    call.says(call.session(1), { timed: false })
    await call.speak(1000)
    call.says(call.session(0), { timed: false })
    call.session(0).end()
    await call.speak(200)
    call.session(1).fail(NETWORK)
    await call.speak(400)
    await call.everyFrameIsToldOnce()
  })
})

it('a session that dies in the midst of its last words has the rest of them heard again', async () => {
  const call = await onCall()
  await call.replace('he-IL')
  await call.speak(300)
  call.says(call.session(0), { timed: true, frames: 30 })
  await call.speak(100)
  call.session(0).fail(NETWORK)
  await call.speak(400)
  await call.everyFrameIsToldOnce()
})

describe('a session takes over', () => {
  const nextOf = (rig: ReturnType<typeof createSttRig>): void =>
    rig.link.useLanguage('he-IL', [rig.instanceOf('stt', 'fake', rig.stt.provider)])

  it('in a pause of the voice, and hears the end of it, in which a word may have begun', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1000)
    nextOf(rig)
    await rig.speak(1000)
    expect(numbers(rig.stt.sessions[1]!)).toEqual([])
    await rig.silence(20)
    await rig.silence(200)
    expect(numbers(rig.stt.sessions[0]!).at(-1)).toBeLessThanOrEqual(101)
    expect(numbers(rig.stt.sessions[1]!)[0]).toBeLessThanOrEqual(100)
    await rig.end()
  })

  it('after a while where there is no pause', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1000)
    nextOf(rig)
    await rig.speak(4000)
    expect(numbers(rig.stt.sessions[1]!)[0]).toBe(numbers(rig.stt.sessions[0]!).at(-1)! + 1)
    await rig.end()
  })

  it('at a whole sample, whenever the voice ended', async () => {
    const rig = createSttRig({
      format: { encoding: 'linear16', sampleRateHz: 16_000 },
      stt: { accepts: [{ encoding: 'linear16', sampleRateHz: 16_000 }] },
    })
    rig.link.open()
    await rig.speak(1000)
    await rig.frame(false)
    rig.detected(false, 7.3)
    nextOf(rig)
    await rig.time.settle()
    expect(rig.stt.sessions).toHaveLength(2)
    expect(rig.audio.memory.readPosition % 2).toBe(0)
    await rig.end()
  })

  it('at once where the one before it dies', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1000)
    nextOf(rig)
    await rig.speak(500)
    rig.stt.sessions[0]!.fail(NETWORK)
    await rig.speak(500)
    expect(rig.stt.sessions).toHaveLength(2)
    expect(numbers(rig.stt.sessions[1]!)[0]).toBe(0)
    await rig.end()
  })
})

describe('finals with wrong times', () => {
  it.each([
    ['that are always zero', [0, 0, 0]],
    ['that begin anew with each segment', [900, 400, 700]],
    ['far ahead', [90_000, 1800, 2400]],
    ['before the beginning', [-500, -400, -300]],
  ])('are told all the same: times %s', async (_what, ends) => {
    const rig = createSttRig()
    rig.link.open()
    for (const [index, endMs] of ends.entries()) {
      await rig.speak(800)
      rig.live().emit({ type: 'final', text: `words ${index}`, endMs })
    }
    await rig.speak(100)
    expect(rig.texts()).toEqual(['words 0', 'words 1', 'words 2'])
    await rig.end()
  })

  it('answer nothing that nobody had heard by then', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(800)
    rig.live().emit({ type: 'final', text: 'one', endMs: 1400 })
    await rig.speak(400)
    rig.live().fail(NETWORK)
    await rig.speak(400)
    expect(numbers(rig.live())[0]).toBe(0)
    rig.live().emit({ type: 'final', text: 'one two', endMs: 1500 })
    await rig.silence(100)
    expect(rig.texts()).toEqual(['one', 'two'])
    await rig.end()
  })

  it('say where they end by their last word, where they do not say it otherwise', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1200)
    rig.live().emit({ type: 'final', text: 'one', words: [{ word: 'one', startMs: 200, endMs: 600 }] })
    await rig.speak(400)
    rig.live().fail(NETWORK)
    await rig.speak(400)
    expect(numbers(rig.live())[0]).toBe(30)
    await rig.end()
  })
})
