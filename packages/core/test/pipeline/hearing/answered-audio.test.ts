import { describe, expect, it } from 'vitest'
import { MULAW_8K } from '../../../src/index.ts'
import { AnsweredAudio } from '../../../src/pipeline/hearing/answered-audio.ts'
import { createCallerAudio } from '../../../src/pipeline/hearing/caller-audio.ts'
import type { ToldAgain } from '../../../src/pipeline/hearing/doubtful-words.ts'

const BYTES_PER_MS = 8
const NOW_MS = 10_000

/** 10 s of a caller, all of it read; a session has heard it from the beginning, none of it in haste. */
function heardAll({ silentFromMs }: { readonly silentFromMs?: number } = {}) {
  const { writer, reader, memory } = createCallerAudio({ format: MULAW_8K, maxWaitingFrames: 10_000 })
  writer.append(new Uint8Array(NOW_MS * BYTES_PER_MS))
  memory.recogniserOpened()
  reader.read(new Uint8Array(NOW_MS * BYTES_PER_MS))
  const toldMs: number[] = []
  const answers = new AnsweredAudio({
    memory,
    format: MULAW_8K,
    owed: {
      final: (_nowMs, toldTo) => void toldMs.push(toldTo / BYTES_PER_MS),
      silentFrom: () => silentFromMs && silentFromMs * BYTES_PER_MS,
    },
  })
  return { answers, memory, toldMs, answeredMs: () => memory.acknowledged / BYTES_PER_MS }
}

function session(fromMs = 0) {
  const base = fromMs * BYTES_PER_MS
  return { base, limit: Infinity, answersTo: Infinity, hasteTo: 0, again: undefined as ToldAgain | undefined }
}

const endingAt = (ms: number) => ({ time: 'ahead', at: ms * BYTES_PER_MS }) as const
const untimedAt = (ms: number) => ({ time: 'none', at: ms * BYTES_PER_MS }) as const

describe('the caller’s audio is answered', () => {
  it('by a final to the end that it tells: for the ring, the books, and the words that were doubtful', () => {
    const { answers, toldMs, answeredMs } = heardAll()
    answers.byFinal(session(), 'hello', untimedAt(8000), NOW_MS)
    answers.byFinal(session(), 'hello there', endingAt(6000), NOW_MS)
    expect(answeredMs()).toBe(6000)
    expect(toldMs).toEqual([7000, 6000])
    expect(answers.toldTo).toBe(6000 * BYTES_PER_MS)
    const next = session(6000)
    answers.heardFrom(next, true)
    expect(next.again).toBeUndefined()
  })

  it('by one that tells no end not at all while the voice goes on; its words are not told again', () => {
    const { answers, toldMs, answeredMs } = heardAll()
    answers.byFinal(session(), 'hello', untimedAt(8000), NOW_MS)
    expect(answeredMs()).toBe(0)
    expect(toldMs).toEqual([7000])
    expect(answers.toldTo).toBe(8000 * BYTES_PER_MS)
    const next = session()
    answers.heardFrom(next, true)
    expect(next.again?.inFinal('Hello, again')).toBe('again')
    // Another one still says what it heard.
    const beside = session()
    answers.heardFrom(beside, false)
    expect(beside.again).toBeUndefined()
  })

  it('in the midst of words that are doubtful: what is heard again may lack the first of them', () => {
    const { answers, memory } = heardAll()
    answers.byFinal(session(), 'one two', untimedAt(4000), NOW_MS)
    answers.byFinal(session(), 'three four', untimedAt(8000), NOW_MS)
    memory.acknowledge(5000 * BYTES_PER_MS)
    const next = session(5000)
    answers.heardFrom(next, true)
    expect(next.again?.inFinal('four five')).toBe('five')
  })

  it('nor by what a session says in haste: nobody knows how far behind it is', () => {
    const { answers, toldMs } = heardAll()
    const late = session()
    answers.heardFrom(late, false)
    expect(late.hasteTo).toBe(2 * NOW_MS * BYTES_PER_MS)
    answers.byFinal(late, 'hello', untimedAt(8000), NOW_MS)
    expect(toldMs).toEqual([0])
  })

  it('by one that tells no end to before the silence that it came in, and all its words are told', () => {
    const { answers, memory, toldMs, answeredMs } = heardAll({ silentFromMs: 6000 })
    answers.byFinal(session(), 'hello', untimedAt(9000), NOW_MS)
    expect(answeredMs()).toBe(8000)
    expect(toldMs).toEqual([9000])
    expect(answers.toldTo).toBe(memory.acknowledged)
  })

  it('by a partial that is taken for a final, as far as its session was given it', () => {
    const { answers, toldMs, answeredMs } = heardAll()
    answers.byFinal(session(), 'hello', untimedAt(6000), NOW_MS)
    answers.byPartial({ ...session(), limit: 5000 * BYTES_PER_MS }, 7000 * BYTES_PER_MS, NOW_MS)
    expect(answeredMs()).toBe(5000)
    expect(toldMs.at(-1)).toBe(7000)
    expect(answers.toldTo).toBe(5000 * BYTES_PER_MS)
  })

  it('by a session that was replaced and has told all it heard', () => {
    const { answers, answeredMs } = heardAll()
    answers.byFinal(session(), 'hello', untimedAt(4000), NOW_MS)
    answers.bySession({ ...session(), answersTo: 3500 * BYTES_PER_MS })
    expect(answeredMs()).toBe(3500)
    expect(answers.toldTo).toBe(3500 * BYTES_PER_MS)
  })

  it('by words of a stretch alone, without those that were told before', () => {
    const { answers, toldMs, answeredMs } = heardAll()
    answers.byFinal(session(), 'I want', untimedAt(4000), NOW_MS)
    expect(answers.byUtterance('I want a pizza', 0, 5000 * BYTES_PER_MS, NOW_MS)).toBe('a pizza')
    expect(answeredMs()).toBe(5000)
    expect(toldMs.at(-1)).toBe(5000)
    expect(answers.byUtterance('I want soup', 5000 * BYTES_PER_MS, 6000 * BYTES_PER_MS, NOW_MS)).toBe(
      'I want soup',
    )
  })
})
