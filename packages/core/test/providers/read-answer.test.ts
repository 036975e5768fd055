import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { LlmEvent, LlmTool } from '../../src/index.ts'
import { type AnswerHabits, MAX_HELD_CHARS, readAnswer } from '../../src/providers/read-answer.ts'

const tools: LlmTool[] = [{ name: 'book', description: 'Books.', parameters: { type: 'object' } }]
const WRITTEN = '<tool_call>{"name": "book", "arguments": {"size": 4}}</tool_call>'
const says = (...texts: string[]): LlmEvent[] => texts.map((text) => ({ type: 'text', text }))
const end = { type: 'end', reason: 'stop' } as const

async function* slowly(events: readonly LlmEvent[]): AsyncGenerator<LlmEvent> {
  for (const event of events) {
    await turnOfTheLoop()
    yield event
  }
}

async function* failing(events: readonly LlmEvent[]): AsyncGenerator<LlmEvent> {
  yield* slowly(events)
  throw new Error('cut')
}

function reading(habits: AnswerHabits = { thinksFirst: undefined }) {
  const withheld: unknown[] = []
  const events: LlmEvent[] = []
  async function read(source: AsyncIterable<LlmEvent>) {
    events.length = 0
    for await (const event of readAnswer(source, { tools, habits, onWithheld: (all) => withheld.push(all) }))
      events.push(event)
    return events
  }
  const words = () => events.map((event) => (event.type === 'text' ? event.text : '')).join('')
  return { read, words, events, withheld, habits }
}

describe('an answer as it is read', () => {
  it('passes on what holds no marks as it came', async () => {
    const { read, withheld } = reading()
    const events: LlmEvent[] = [
      ...says('We ', 'open at nine.'),
      { type: 'tool-call', id: 'a', name: 'book', arguments: '{}', opaque: { signature: 's' } },
      { type: 'usage', inputTokens: 1, outputTokens: 2 },
      { type: 'end', reason: 'tool-calls' },
    ]
    expect(await read(slowly(events))).toEqual(events)
    expect(withheld).toEqual([])
  })

  it('makes a call that was written as text, once, in front of the end', async () => {
    const { read, withheld } = reading()
    const call = { type: 'tool-call', name: 'book', arguments: '{"size":4}' }
    const id = expect.stringMatching(/^[a-z0-9]{9}$/) as string
    expect(await read(slowly([...says('Done. ', WRITTEN), end]))).toEqual([
      { type: 'text', text: 'Done. ' },
      { ...call, id },
      { type: 'end', reason: 'tool-calls' },
    ])
    const told: LlmEvent = { type: 'tool-call', id: 'a', name: 'functions.book', arguments: '{"size": 4}' }
    expect(await read(slowly([...says(WRITTEN), told, end]))).toEqual([{ ...told, name: 'book' }, end])
    expect(withheld).toMatchObject([{ calls: 1, unread: 0 }, { calls: 1 }])
  })

  it('loses no words when the model fails, or its answer is cut off', async () => {
    const { read, words } = reading()
    await expect(read(failing(says('Nine <')))).rejects.toThrow('cut')
    expect(words()).toBe('Nine <')
    await read(slowly(says('Ten <thi')))
    expect(words()).toBe('Ten <thi')
  })

  it('learns that answers begin inside a thought, and that they do not', async () => {
    const { read, words, withheld, habits } = reading()
    const thinking = [...says('They ask. ', '</think>', 'We open at nine.'), end]
    await read(slowly(thinking))
    expect(withheld).toMatchObject([{ leaked: true }])
    await read(slowly(thinking))
    expect(words()).toBe('We open at nine.')
    expect(withheld).toMatchObject([{ leaked: true }, { leaked: false, thoughtChars: 10 }])
    expect(habits.thinksFirst).toBe(true)
    await read(slowly([...says('No ', 'thought.'), end]))
    expect(words()).toBe('No thought.')
    await read(slowly(says('<think>a</think>b')))
    expect(habits.thinksFirst).toBe(false)
  })

  it('of which nothing is known waits for one turn of the event loop, and no longer', async () => {
    const { read, words, withheld } = reading()
    async function* atOnce() {
      yield* says('They ask. ', '</think>', 'We open.')
      yield end
    }
    await read(atOnce())
    expect(words()).toBe('We open.')
    expect(withheld).toMatchObject([{ leaked: false }])
    const fresh = reading()
    async function* stalls(): AsyncGenerator<LlmEvent> {
      yield* says('We open')
      await turnOfTheLoop()
      await turnOfTheLoop()
      expect(fresh.words()).toBe('We open')
      yield end
    }
    await fresh.read(stalls())
  })

  /** Never gives way to the event loop, so that no timer can stop it. */
  async function* endlessly(text: string): AsyncGenerator<LlmEvent> {
    for (;;) yield { type: 'text', text }
  }

  it('that never pauses does not keep its reader from leaving', async () => {
    for (const text of ['', ' ', 'word ']) {
      const parts = { tools, habits: { thinksFirst: undefined }, onWithheld: () => undefined }
      let chars = 0
      for await (const event of readAnswer(endlessly(text), parts)) {
        chars += event.type === 'text' ? event.text.length : 0
        break
      }
      expect(chars).toBeLessThanOrEqual(MAX_HELD_CHARS + text.length)
    }
  })

  it('that only thinks, without a pause and without an end, is a fault', async () => {
    const thinking = async function* () {
      yield* says('<think>')
      yield* endlessly('hm ')
    }
    for (const thinksFirst of [undefined, true, false]) {
      await expect(reading({ thinksFirst }).read(thinking())).rejects.toThrow('pieces without a word')
    }
    await expect(reading({ thinksFirst: true }).read(endlessly('hm '))).rejects.toThrow(
      'pieces without a word',
    )
  })

  it('waits for no source to have ended', async () => {
    const { read } = reading()
    const steps = [...says('Nine.'), end]
    const source: AsyncIterable<LlmEvent> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: steps.shift()! }),
        return: () => new Promise(() => undefined),
      }),
    }
    expect(await read(source)).toEqual([{ type: 'text', text: 'Nine.' }, end])
  })
})
