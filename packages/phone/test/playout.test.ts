import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPlayout, labelOf, type MarkRecord, type Playout } from '../src/protocol/playout.ts'

interface Told {
  readonly playout: Playout
  readonly told: string[]
  readonly returned: MarkRecord[]
}

function listen(): Told {
  const told: string[] = []
  const returned: MarkRecord[] = []
  const playout = createPlayout({
    onSpeechStarted: (atMs) => told.push(`start ${atMs}`),
    onSpeechStopped: (atMs) => told.push(`stop ${atMs}`),
    onMarkReturned(mark) {
      returned.push(mark)
      told.push(`${mark.cleared ? 'cleared' : 'mark'} ${mark.name} ${mark.returnedAtMs}`)
    },
    onUnderrun: (atMs, gapMs) => told.push(`underrun ${atMs} ${gapMs}`),
  })
  return { playout, told, returned }
}

describe('playout', () => {
  it('plays what arrives in real time and returns a mark when the audio before it has been played', () => {
    const { playout, told } = listen()
    expect(playout.receive(0, 160)).toBe(0)
    expect(playout.receive(0, 160)).toBe(160)
    playout.mark(5, 'greeting_end#0')
    expect(playout.nextDueMs).toBe(40)
    playout.advance(39)
    expect(told).toEqual(['start 0'])
    playout.advance(40)
    expect(told).toEqual(['start 0', 'mark greeting_end#0 40', 'stop 40'])
  })

  it('returns a mark on an empty buffer at once', () => {
    const { playout, told } = listen()
    playout.mark(7, 'a')
    expect(told).toEqual(['mark a 7'])
  })

  it('returns pending marks on clear, in order, as cleared', () => {
    const { playout, told } = listen()
    playout.receive(0, 800)
    playout.mark(0, 'a')
    playout.receive(0, 800)
    playout.mark(0, 'b')
    expect(playout.clear(50)).toBe(1200)
    expect(told).toEqual(['start 0', 'cleared a 50', 'cleared b 50', 'stop 50'])
    expect(playout.bufferedBytes(50)).toBe(0)
  })

  it('gives a mark back as played when clear comes after its audio', () => {
    const { playout, told } = listen()
    playout.receive(0, 160)
    playout.mark(0, 'a')
    playout.receive(0, 160)
    playout.mark(0, 'b')
    playout.clear(30)
    expect(told.slice(1)).toEqual(['mark a 30', 'cleared b 30', 'stop 30'])
  })

  it('hears an underrun inside an utterance, with its length', () => {
    const { playout, told } = listen()
    playout.receive(0, 160)
    playout.receive(55, 160)
    playout.mark(55, 'end')
    expect(told).toEqual(['start 0', 'underrun 20 35'])
    expect(playout.underruns()).toEqual([{ atMs: 20, gapMs: 35, atUtteranceEnd: false }])
  })

  it('takes silence after a mark or a clear for the pause between utterances', () => {
    const { playout } = listen()
    playout.receive(0, 160)
    playout.mark(0, 'end')
    playout.receive(500, 160)
    playout.clear(510)
    playout.receive(900, 160)
    expect(playout.underruns()).toEqual([])
    expect(playout.gaps.map((gap) => gap.gapMs)).toEqual([480, 390])
  })

  it('lets a mark that comes after the buffer ran dry still end the utterance', () => {
    const { playout } = listen()
    playout.receive(0, 160)
    playout.mark(30, 'end')
    playout.receive(200, 160)
    expect(playout.underruns()).toEqual([])
  })

  it('never hides a long stall of a server that marks its utterances', () => {
    const { playout } = listen()
    playout.receive(0, 160)
    playout.receive(3020, 160)
    expect(playout.underruns()).toEqual([])
    playout.mark(3020, 'end')
    expect(playout.underruns().map((gap) => gap.gapMs)).toEqual([3000])
  })

  it('does not count gaps under a millisecond', () => {
    const { playout } = listen()
    playout.receive(0, 160)
    playout.receive(20.8, 160)
    expect(playout.gaps).toEqual([])
  })

  it('says that speech stopped after 300 ms when no mark tells', () => {
    const { playout, told } = listen()
    playout.receive(0, 160)
    playout.advance(319)
    expect(told).toEqual(['start 0'])
    playout.advance(320)
    expect(told).toEqual(['start 0', 'stop 20'])
  })

  it('takes the label of a mark to be what stands before its last #', () => {
    expect([labelOf('greeting_end#0'), labelOf('a#b#12'), labelOf('plain')]).toEqual([
      'greeting_end',
      'a#b',
      'plain',
    ])
  })
})

type Action = { after: number; do: 'audio' | 'mark' | 'clear' | 'tick'; bytes: number }
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.record({
    after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })).map((eighths) => eighths / 8),
    do: fc.constantFrom<Action['do'][]>('audio', 'audio', 'audio', 'mark', 'clear', 'tick'),
    bytes: fc.constantFrom(1, 80, 160, 160, 160, 321, 4000),
  }),
  { maxLength: 60 },
)

describe('playout, whatever comes', () => {
  it('agrees with a player that moves one sample at a time', () => {
    fc.assert(
      fc.property(actions, (list) => {
        const { playout, returned } = listen()
        // The reference: a queue of samples and marks, drained one sample per eighth of a millisecond.
        let queue: (number | string)[] = []
        const reference: { name: string; cleared: boolean }[] = []
        let played = 0
        let silent = 0
        let discarded = 0
        let received = 0
        let eighth = 0
        const popMarks = (): void => {
          while (typeof queue[0] === 'string')
            reference.push({ name: queue.shift() as string, cleared: false })
        }
        const play = (until: number): void => {
          for (; eighth < until; eighth++) {
            popMarks()
            if (queue.length > 0) {
              queue.shift()
              played++
            } else silent++
          }
          popMarks()
        }
        let nowMs = 0
        list.forEach((action, i) => {
          nowMs += action.after
          play(nowMs * 8)
          if (action.do === 'audio') {
            playout.receive(nowMs, action.bytes)
            queue.push(...Array.from({ length: action.bytes }, (_, n) => n))
            received += action.bytes
          } else if (action.do === 'mark') {
            playout.mark(nowMs, `m${i}`)
            queue.push(`m${i}`)
            popMarks()
          } else if (action.do === 'clear') {
            playout.clear(nowMs)
            for (const entry of queue) {
              if (typeof entry === 'string') reference.push({ name: entry, cleared: true })
              else discarded++
            }
            queue = []
          } else playout.advance(nowMs)
          const buffered = queue.filter((entry) => typeof entry === 'number').length
          expect(playout.bufferedBytes(nowMs)).toBe(buffered)
        })
        playout.advance(nowMs)
        const buffered = playout.bufferedBytes(nowMs)
        expect(playout.receivedBytes).toBe(received)
        expect(playout.discardedBytes).toBe(discarded)
        expect(played + discarded + buffered).toBe(received)
        expect(returned.map(({ name, cleared }) => ({ name, cleared }))).toEqual(reference)
        const gapMs = playout.gaps.reduce((sum, gap) => sum + gap.gapMs, 0)
        expect(gapMs * 8).toBeLessThanOrEqual(silent)
      }),
      { numRuns: 150 },
    )
  })

  it('counts as underrun exactly the silence inside utterances', () => {
    const utterances = fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(utterances, (list) => {
        const { playout } = listen()
        let nowMs = 0
        let expected = 0
        for (const gaps of list) {
          let endMs = 0
          gaps.forEach((gap, i) => {
            nowMs += gap
            if (i > 0 && nowMs - endMs >= 1) expected += nowMs - endMs
            playout.receive(nowMs, 160)
            endMs = Math.max(nowMs, endMs) + 20
          })
          playout.mark(nowMs, 'end')
          nowMs = endMs + 100
        }
        expect(playout.underruns().reduce((sum, gap) => sum + gap.gapMs, 0)).toBe(expected)
      }),
      { numRuns: 200 },
    )
  })
})
