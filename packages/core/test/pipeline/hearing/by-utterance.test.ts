import { describe, expect, it } from 'vitest'
import { createFakeStt } from '../../../src/testing/index.ts'
import { createSttRig, NETWORK, numbers, range } from './stt-rig.ts'

/** A recogniser without sessions that says which frames it heard; the requests of these numbers fail. */
function byUtterance(failing: readonly number[] = []) {
  const asked: number[][] = []
  return {
    asked,
    script: {
      sessions: false,
      recognize: async (audio: Uint8Array) => {
        asked.push(framesOf(audio))
        if (failing.includes(asked.length - 1)) throw NETWORK
        return `heard ${asked.length - 1}`
      },
    },
  }
}

const framesOf = (audio: Uint8Array): number[] =>
  numbers({ audio: () => audio } as Parameters<typeof numbers>[0])

describe('a recogniser without sessions', () => {
  it('is asked for an utterance again with the next one, where no answer came', async () => {
    const { asked, script } = byUtterance([0])
    const rig = createSttRig({ stt: script })
    rig.link.open()
    await rig.silence(2000)
    await rig.speak(600)
    await rig.silence(2000)
    await rig.speak(600)
    await rig.silence(1000)
    expect(rig.texts()).toEqual(['heard 1'])
    expect(asked[1]).toEqual(expect.arrayContaining(range(100, 130)))
    await rig.end()
  })

  it('is not asked for ever for what nobody can recognise', async () => {
    const { asked, script } = byUtterance([0, 1])
    const rig = createSttRig({ stt: script })
    rig.link.open()
    await rig.silence(2000)
    for (let utterance = 0; utterance < 3; utterance++) {
      await rig.speak(600)
      await rig.silence(2000)
    }
    expect(rig.texts()).toEqual(['heard 2'])
    expect(asked[2]).not.toContain(110)
    expect(asked[2]).toEqual(expect.arrayContaining(range(230, 260)))
    await rig.end()
  })
})

describe('a caller who hangs up', () => {
  it('in the middle of an utterance is heard to the end by a recogniser without sessions', async () => {
    const { asked, script } = byUtterance()
    const rig = createSttRig({ stt: script })
    rig.link.open()
    await rig.silence(2000)
    await rig.speak(600)
    await rig.end()
    expect(rig.texts()).toEqual(['heard 0'])
    expect(asked[0]).toEqual(expect.arrayContaining(range(100, 130)))
  })

  it('while a session is being replaced is heard to the end by the next', async () => {
    let down = false
    const rig = createSttRig({
      stt: {
        opening: () => (down ? { afterMs: 900 } : {}),
        session: (index) => (index === 0 ? {} : { hears: (audio) => `${framesOf(audio)[0]}` }),
      },
    })
    rig.link.open()
    await rig.speak(1200)
    down = true
    rig.live().fail(NETWORK)
    await rig.speak(200)
    await rig.end()
    expect(rig.texts()).toEqual(['0'])
  })

  it('in silence is not kept waiting for a session that nobody needs', async () => {
    let down = false
    const rig = createSttRig({ stt: { opening: () => (down ? { afterMs: Infinity } : {}) } })
    rig.link.open()
    await rig.silence(3000)
    down = true
    rig.live().fail(NETWORK)
    await rig.silence(200)
    let drained = false
    void rig.link.drained().then(() => (drained = true))
    await rig.time.settle()
    expect(drained).toBe(true)
    await rig.end()
  })
})

describe('a language whose recogniser has no sessions', () => {
  it('hears from where the session before it has told its last words', async () => {
    const { asked, script } = byUtterance()
    const rig = createSttRig({ stt: { session: () => ({ finishMs: 400 }) } })
    const next = createFakeStt({ clock: rig.clock, ...script })
    rig.link.open()
    await rig.speak(600)
    rig.link.useLanguage('he-IL', [rig.instanceOf('stt', 'next', next.provider)])
    await rig.silence(40)
    const session = rig.live()
    session.emit({ type: 'final', text: 'hello', endMs: 600 })
    await rig.silence(1000)
    expect(session.finished).toBe(true)
    await rig.speak(600)
    await rig.silence(3000)
    expect(rig.texts()).toEqual(['hello', 'heard 0'])
    expect(asked.flat()).toEqual(expect.arrayContaining(range(82, 112)))
    await rig.end()
  })

  it('is left for one that has them', async () => {
    const { script } = byUtterance()
    const rig = createSttRig({ stt: script })
    const next = createFakeStt({ clock: rig.clock })
    rig.link.open()
    await rig.silence(3000)
    rig.link.useLanguage('he-IL', [rig.instanceOf('stt', 'next', next.provider)])
    await rig.speak(600)
    expect(next.sessions).toHaveLength(1)
    next.sessions[0]!.emit({ type: 'final', text: 'shalom', endMs: 600 })
    await rig.silence(12_000)
    expect(rig.texts()).toEqual(['shalom'])
    expect(next.sessions).toHaveLength(1)
    await rig.end()
  })
})
