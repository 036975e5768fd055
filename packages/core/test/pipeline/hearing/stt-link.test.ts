import { ProviderError, type SttEvent, type SttSession } from '../../../src/index.ts'
import { describe, expect, it } from 'vitest'
import { AUTH, createSttRig, NETWORK, numbers, range } from './stt-rig.ts'

describe('a session that dies in mid-call', () => {
  it('is replaced by one that hears everything since the last final, each frame once and in order', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1000)
    rig.live().emit({ type: 'final', text: 'one', endMs: 600 })
    await rig.speak(500)
    rig.live().fail(NETWORK)
    await rig.speak(500)
    await rig.end()
    expect(rig.stt.sessions).toHaveLength(2)
    expect(numbers(rig.stt.sessions[1]!)).toEqual(range(30, 100))
    expect(rig.of('stt_lost')).toHaveLength(1)
    expect(rig.time.pending()).toBe(0)
  })

  it('loses nothing over several deaths in a row, late openings among them', async () => {
    const rig = createSttRig({ stt: { opening: (attempt) => ({ afterMs: (attempt % 3) * 700 }) } })
    rig.link.open()
    let answered = 0
    for (let round = 0; round < 4; round++) {
      await rig.speak(2400)
      const session = rig.live()
      const first = numbers(session)[0]!
      expect(first).toBe(answered)
      answered = first + 50
      session.emit({ type: 'final', text: `${round}`, endMs: 1000 })
      await rig.speak(200)
      session.fail(NETWORK)
    }
    await rig.speak(2400)
    await rig.end()
    expect(numbers(rig.live())).toEqual(range(answered, rig.frames))
    expect(rig.texts()).toEqual(['0', '1', '2', '3'])
    expect(rig.audio.stats.droppedFrames).toBe(0)
  })

  it('is replaced on the same route although its error was unknown, when it had worked', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1500)
    rig.live().emit({ type: 'partial', text: 'hel' })
    await rig.speak(100)
    rig.live().fail(new Error('what is this'))
    await rig.speak(100)
    expect(rig.stt.sessions).toHaveLength(2)
    await rig.end()
  })

  it('ignores a final that it repeats, by its offset', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1000)
    rig.live().emit({ type: 'final', text: 'one', endMs: 600 })
    rig.live().emit({ type: 'final', text: 'one', endMs: 600 })
    rig.live().emit({ type: 'final', text: 'two', endMs: 900 })
    await rig.speak(100)
    expect(rig.texts()).toEqual(['one', 'two'])
    expect(rig.of('stt_duplicate_final')).toHaveLength(1)
    await rig.end()
  })

  it.each(['writeThrows', 'finish'] as const)(
    'may also throw where it must not (%s): nothing is lost',
    async (how) => {
      const rig = createSttRig({
        stt: {
          session: (index) => (index === 0 && how === 'writeThrows' ? { writeThrows: new Error('no') } : {}),
        },
        fallback: {},
      })
      rig.link.open()
      await rig.speak(400)
      if (how === 'finish') {
        const { session } = rig.live()
        session.finish = () => {
          throw new Error('no')
        }
        await rig.end()
        expect(numbers(rig.stt.sessions[1] ?? rig.fallback!.sessions[0]!)).toEqual(range(0, 20))
        return
      }
      await rig.speak(1000)
      await rig.end()
      expect(numbers(rig.fallback!.sessions[0] ?? rig.stt.sessions[1]!)).toEqual(range(0, 70))
    },
  )

  it('repeats from whole samples only', async () => {
    const rig = createSttRig({
      format: { encoding: 'linear16', sampleRateHz: 8000 },
      stt: { accepts: [{ encoding: 'linear16', sampleRateHz: 8000 }] },
    })
    rig.link.open()
    await rig.speak(2000)
    rig.live().emit({ type: 'final', text: 'one', endMs: 500.05 })
    await rig.speak(100)
    const before = Buffer.from(rig.live().audio())
    rig.live().fail(NETWORK)
    await rig.speak(1000)
    const again = Buffer.from(rig.live().audio())
    const at = before.length - again.length
    expect(again.subarray(0, 400).equals(before.subarray(8000, 8400))).toBe(true)
    expect(at % 2).toBe(0)
    await rig.end()
  })
})

describe('a provider that flaps', () => {
  const bounded = async (rig: ReturnType<typeof createSttRig>): Promise<void> => {
    rig.link.open()
    await rig.silence(30_000)
    // Three tries 200 ms apart, then ten seconds of rest.
    expect(rig.stt.attempts.length).toBeGreaterThanOrEqual(3)
    expect(rig.stt.attempts.length).toBeLessThan(15)
    await rig.end()
    expect(rig.time.pending()).toBe(0)
  }

  it('is not opened in a circle when each session dies at once', () =>
    bounded(createSttRig({ stt: { diesAtMs: 0, error: NETWORK } })))

  it('is not opened in a circle when each session says something and dies at once', () =>
    bounded(
      createSttRig({
        stt: { says: [{ atMs: 0, event: { type: 'speech-started' } }], diesAtMs: 0, error: NETWORK },
      }),
    ))

  it('is not opened in a circle when each session ends by itself at once', async () => {
    const rig = createSttRig()
    const { openSession } = rig.stt.provider
    rig.stt.provider.openSession = async (options) => {
      const session = await openSession(options)
      rig.live().end()
      return session
    }
    await bounded(rig)
  })

  it('is not opened in a circle when each session says that it is closing', () =>
    bounded(createSttRig({ stt: { says: [{ atMs: 0, event: { type: 'closing', reason: 'busy' } }] } })))
})

describe('a first session that is broken', () => {
  const flood: AsyncIterable<SttEvent> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false, value: { type: 'partial', text: 'x' } as const }),
      return: () => new Promise(() => undefined),
    }),
  }
  const throwing = (): never => {
    throw new Error('broken')
  }
  it.each<[string, Partial<SttSession>]>([
    ['throws at what it is given', { write: throwing }],
    ['floods, and hangs when it is left', { events: flood }],
    ['hangs when it is closed', { write: throwing, close: () => new Promise(() => undefined) }],
  ])('costs the call its streaming for ten seconds, not for the rest of it: it %s', async (_what, broken) => {
    const rig = createSttRig({ stt: { recognize: () => Promise.resolve('by utterance') } })
    const { openSession } = rig.stt.provider
    rig.stt.provider.openSession = async (options) => {
      const session = await openSession(options)
      return rig.stt.sessions.length === 1 ? { ...session, ...broken } : session
    }
    rig.link.open()
    await rig.silence(5000)
    await rig.speak(400)
    await rig.silence(9000)
    expect(rig.stt.sessions).toHaveLength(2)
    await rig.speak(400)
    rig.live().emit({ type: 'final', text: 'streamed' })
    await rig.silence(400)
    expect(rig.texts()).toEqual(['by utterance', 'streamed'])
    await rig.end()
  })
})

describe('rotation', () => {
  const LIMIT_MS = 4000

  it('happens in a pause from 79 % of the limit on; each frame is heard by one session', async () => {
    const rig = createSttRig({ stt: { maxSessionMs: LIMIT_MS } })
    rig.link.open()
    await rig.speak(3400)
    expect(rig.stt.sessions).toHaveLength(1)
    rig.live().emit({ type: 'final', text: 'said', endMs: 3000 })
    await rig.silence(200)
    expect(rig.stt.sessions).toHaveLength(2)
    await rig.silence(500)
    expect(rig.stt.sessions[0]!.finished).toBe(true)
    expect(rig.stt.sessions[0]!.closed).toBe(true)
    await rig.end()
    expect([...numbers(rig.stt.sessions[0]!), ...numbers(rig.stt.sessions[1]!)]).toEqual(range(0, rig.frames))
  })

  it('is forced at 93 % of it, in the middle of speech', async () => {
    const rig = createSttRig({ stt: { maxSessionMs: LIMIT_MS } })
    rig.link.open()
    await rig.speak(LIMIT_MS)
    await rig.end()
    expect(rig.stt.sessions).toHaveLength(2)
    const at = rig.stt.sessions[1]!.openedAtMs - 1000
    expect(at).toBeGreaterThanOrEqual(LIMIT_MS * 0.93)
    expect(at).toBeLessThan(LIMIT_MS * 0.93 + 60)
    expect([...numbers(rig.stt.sessions[0]!), ...numbers(rig.stt.sessions[1]!)]).toEqual(range(0, rig.frames))
  })

  it('delivers the old session’s last words before the new one’s first', async () => {
    const rig = createSttRig({
      stt: {
        session: (index) =>
          index === 0
            ? { finishMs: 800, says: [{ atMs: Infinity, event: { type: 'final', text: 'old' } }] }
            : { says: [{ atMs: 100, event: { type: 'final', text: 'new', endMs: 100 } }] },
      },
    })
    rig.link.open()
    await rig.speak(1500)
    rig.live().emit({ type: 'closing', reason: 'limit' })
    await rig.silence(20)
    await rig.speak(600)
    expect(rig.texts()).toEqual([])
    await rig.speak(600)
    expect(rig.texts()).toEqual(['old', 'new'])
    await rig.end()
  })

  it('is not done at every word of a recogniser that takes each moment for its last', async () => {
    const rig = createSttRig({
      stt: { session: () => ({ says: [{ atMs: 1100, event: { type: 'closing', reason: 'limit' } }] }) },
    })
    rig.link.open()
    await rig.speak(60_000)
    await rig.end()
    expect(rig.stt.sessions.length).toBeLessThanOrEqual(8)
    expect(rig.stt.sessions.flatMap(numbers)).toEqual(range(0, rig.frames))
  })

  it('does not take the old session’s last final for an answer to what the new one hears', async () => {
    const rig = createSttRig({
      stt: {
        session: (index) =>
          index === 0
            ? { finishMs: 800, says: [{ atMs: Infinity, event: { type: 'final', text: 'old' } }] }
            : {},
      },
    })
    rig.link.open()
    await rig.speak(1500)
    rig.live().emit({ type: 'closing', reason: 'limit' })
    await rig.speak(1500)
    const second = rig.live()
    const first = numbers(second)[0]!
    second.fail(NETWORK)
    await rig.speak(500)
    await rig.end()
    expect(numbers(rig.live())).toEqual(range(first, rig.frames))
  })

  it('repeats what was not answered when the old session dies before its last words', async () => {
    const rig = createSttRig({ stt: { session: (index) => (index === 0 ? { finishMs: 1500 } : {}) } })
    rig.link.open()
    await rig.speak(1200)
    const old = rig.live()
    old.emit({ type: 'final', text: 'one', endMs: 600 })
    old.emit({ type: 'closing', reason: 'limit' })
    await rig.speak(300)
    old.fail(NETWORK)
    await rig.speak(1500)
    await rig.end()
    expect(numbers(rig.live())).toEqual(range(30, rig.frames))
  })

  it('repeats it also when the old session owes words and never says them', async () => {
    const rig = createSttRig({ stt: { session: (index) => (index === 0 ? { finishMs: 60_000 } : {}) } })
    rig.link.open()
    await rig.speak(1200)
    const old = rig.live()
    old.emit({ type: 'partial', text: 'I would like' })
    old.emit({ type: 'closing', reason: 'limit' })
    await rig.speak(4000)
    await rig.end()
    expect(old.closed).toBe(true)
    expect(numbers(rig.live())).toEqual(range(0, rig.frames))
    expect(rig.time.pending()).toBe(0)
  })

  it('keeps the old session when no new one will open, and tries again', async () => {
    let down = false
    const rig = createSttRig({ stt: { opening: () => (down ? { error: NETWORK } : {}) } })
    rig.link.open()
    await rig.speak(1500)
    down = true
    rig.live().emit({ type: 'closing', reason: 'limit' })
    await rig.speak(2000)
    expect(rig.stt.sessions[0]!.finished).toBe(false)
    expect(rig.stt.sessions[0]!.writtenMs).toBeGreaterThan(3400)
    down = false
    rig.live().fail(NETWORK)
    await rig.speak(300)
    expect(rig.stt.sessions).toHaveLength(2)
    await rig.end()
  })

  it('is not deaf when the old session dies while no new one will open', async () => {
    let down = false
    const rig = createSttRig({ stt: { opening: () => (down ? { error: NETWORK } : {}) } })
    rig.link.open()
    await rig.speak(1500)
    down = true
    rig.live().emit({ type: 'closing', reason: 'limit' })
    await rig.speak(100)
    rig.live().fail(NETWORK)
    await rig.speak(1000)
    down = false
    await rig.speak(10_500)
    expect(rig.stt.sessions).toHaveLength(2)
    await rig.silence(14_000)
    await rig.end()
    expect(numbers(rig.live())).toEqual(range(0, rig.frames))
  })
})

describe('what is kept for a replay', () => {
  it('is little after silence, and enough while words are owed', async () => {
    const rig = createSttRig()
    rig.link.open()
    // From the beginning: what is let go of later has been memory all the same.
    for (let ms = 0; ms < 6000; ms += 100) {
      await rig.silence(100)
      const keptMs = (rig.audio.memory.end - rig.audio.memory.acknowledged) / 8
      expect(keptMs).toBeLessThanOrEqual(ms < 2000 ? 2040 : 1040)
    }
    await rig.speak(1000)
    // The final is slow, and the session dies before it.
    await rig.silence(4000)
    rig.live().fail(NETWORK)
    await rig.silence(2000)
    await rig.end()
    expect(numbers(rig.live())).toEqual(expect.arrayContaining(range(300, 350)))
  })
})

describe('a wrong key in mid-call', () => {
  it('goes to the fallback, which hears what was not answered', async () => {
    const rig = createSttRig({
      stt: { opening: (attempt) => (attempt === 0 ? {} : { error: AUTH }) },
      fallback: {},
    })
    rig.link.open()
    await rig.speak(1500)
    rig.live().fail(AUTH)
    await rig.speak(500)
    await rig.end()
    expect(numbers(rig.fallback!.sessions[0]!)).toEqual(range(0, 100))
  })
})

describe('a session whose predecessor errs after its last words', () => {
  it('goes on: nothing was owed', async () => {
    const rig = createSttRig({ stt: { session: (index) => (index === 0 ? { finishMs: 1500 } : {}) } })
    rig.link.open()
    await rig.silence(1200)
    const old = rig.live()
    old.emit({ type: 'closing', reason: 'limit' })
    await rig.silence(300)
    old.fail(new ProviderError('bad-data', 'limit reached'))
    await rig.silence(3000)
    expect(rig.stt.sessions).toHaveLength(2)
    expect(rig.of('stt_lost')).toEqual([])
    await rig.end()
  })
})
