import { setImmediate as turnOfTheLoop } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { LlmEvent, LlmTool } from '../../src/index.ts'
import { type AnswerHabits, habitsOf, MAX_HELD_CHARS } from '../../src/providers/answer-beginning.ts'
import { readAnswer } from '../../src/providers/read-answer.ts'

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
    const onWithheld = (all: unknown) => withheld.push(all)
    for await (const event of readAnswer(source, { tools, habits, onWithheld, onTold: () => undefined }))
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
    // "We" may begin a thought: until that is told, the reader hears that something comes.
    const [sign, ...rest] = await read(slowly(events))
    expect(sign).toEqual({ type: 'text', text: '' })
    expect(rest).toEqual(events)
    expect(withheld).toEqual([])
  })

  it.each<[unknown, string]>([
    [{ type: 'text', text: 7 }, 'text without a text'],
    [{ type: 'tool-call', id: 'a', name: 'book', arguments: {} }, '"arguments" of tool-call is not a text'],
    [{ type: 'tool-call', id: 5n, name: 'book', arguments: '{}' }, '"id" of tool-call is not a text'],
    [{ type: 'end', reason: 'stop', opaque: 'a text' }, '"opaque" of end is not an object'],
    [undefined, 'an event that is no object'],
  ])('ends at an event that is none: %#', async (event, fault) => {
    const { read, words } = reading()
    await expect(read(slowly([...says('At nine.'), event as LlmEvent, end]))).rejects.toThrow(
      new TypeError(fault),
    )
    expect(words()).toBe('At nine.')
  })

  it('goes through a text of any length a part at a time, as far as it is read', async () => {
    const long = says(`${'😀 word '.repeat(2_000_000)}`)
    const parts: string[] = []
    const options = {
      tools,
      habits: { thinksFirst: false },
      onWithheld: () => undefined,
      onTold: () => undefined,
    }
    for await (const event of readAnswer(slowly(long), options)) {
      if (event.type === 'text') parts.push(event.text)
      if (parts.length === 5) break
    }
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(20_000)
    expect(long[0]).toMatchObject({ text: expect.stringContaining(parts.join('')) as string })
    // Half a character cannot be written as a part of an address.
    for (const part of parts) expect(() => encodeURIComponent(part)).not.toThrow()
  })

  it('hands on a call of a tool that there is none of, by its name', async () => {
    const call: LlmEvent = { type: 'tool-call', id: 'a', name: 'cook', arguments: '{}' }
    expect(await reading().read(slowly([call, end]))).toEqual([call, end])
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
    const thinking = [...says('Opening hours. ', '</think>', 'We open at nine.'), end]
    await read(slowly(thinking))
    expect(withheld).toMatchObject([{ leakedChars: 15 }])
    await read(slowly(thinking))
    expect(words()).toBe('We open at nine.')
    expect(withheld).toMatchObject([{ leakedChars: 15 }, { leakedChars: 0, thoughtChars: 15 }])
    expect(habits.thinksFirst).toBe(true)
    await read(slowly([...says('No ', 'thought.'), end]))
    expect(words()).toBe('No thought.')
    // One without does not make it a model that does not think.
    expect(habits.thinksFirst).toBe(undefined)
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
    expect(withheld).toMatchObject([{ leakedChars: 0 }])
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

  it.each([
    ['The ', 'user', ' wants a table.'],
    ['Okay', ', so ', 'I need to figure ', 'out what they mean.'],
    ['Hmm. ', 'Nine, was it?'],
    ['Okay. ', 'The caller asks for hours.'],
    ['They ask ', 'about hours.'],
    ['用户', '想知道营业时间。'],
    ['We should respond in Hebrew, briefly.'],
  ])('of which nothing is known is held back where it begins as thoughts do: %s%s', async (...thought) => {
    const { read, words, withheld } = reading()
    await read(slowly([...says(...thought, '\n</th', 'ink>We open.'), end]))
    expect(words()).toBe('We open.')
    expect(withheld).toMatchObject([{ leakedChars: 0 }])
    // A guess: without a closing tag it was words.
    await read(slowly([...says(...thought), end]))
    expect(words()).toBe(thought.join(''))
  })

  it.each([
    ['We', ' open at nine and close at five', ', every day.'],
    ['I', ' need to know your name. ', 'Who is calling?'],
    ['Let me check', ' that for you. ', 'One moment.'],
    ['שלום', ', במה אפשר לעזור לך היום בבקשה? ', 'כן.'],
  ])(
    'of which nothing is known is spoken as it comes where it begins as words do: %s%s',
    async (...texts) => {
      const { words, read } = reading()
      async function* stalls(): AsyncGenerator<LlmEvent> {
        yield* slowly(says(texts[0], texts[1]))
        await turnOfTheLoop()
        await turnOfTheLoop()
        expect(words()).toBe(texts[0] + texts[1])
        yield* says(texts[2])
        yield end
      }
      await read(stalls())
    },
  )

  it('of a model that begins inside a thought, cut before its end, holds no words', async () => {
    for (const thinksFirst of [true, 'likely'] as const) {
      const { read, words, withheld } = reading(habitsOf({ thinksFirst }))
      await read(slowly([...says('The hours are'), { type: 'end', reason: 'length' }]))
      expect(words()).toBe('')
      expect(withheld).toMatchObject([{ thoughtChars: 13 }])
      await expect(read(failing(says('The hours are')))).rejects.toThrow('cut')
      expect(words()).toBe('')
    }
  })

  it('of which it was said how it begins leaves it at that', async () => {
    for (const thinksFirst of [true, false]) {
      const { read, habits } = reading(habitsOf({ thinksFirst }))
      await read(slowly([...says('We ', 'open.'), end]))
      await read(slowly([...says('Hours. ', '</think>', 'We open.'), end]))
      expect(habits.thinksFirst).toBe(thinksFirst)
    }
  })

  it('waits for no closing tag once the server has told a thought apart from the text', async () => {
    const { read, words } = reading(habitsOf({ thinksFirst: 'likely' }))
    async function* apart(): AsyncGenerator<LlmEvent> {
      yield { type: 'thought' }
      yield* says('We open')
      await turnOfTheLoop()
      expect(words()).toBe('We open')
      yield end
    }
    const events = await read(apart())
    expect(events.map(({ type }) => type)).not.toContain('thought')
  })

  /** Never gives way to the event loop, so that no timer can stop it. */
  async function* endlessly(text: string): AsyncGenerator<LlmEvent> {
    for (;;) yield { type: 'text', text }
  }

  it('that never pauses does not keep its reader from leaving', async () => {
    for (const text of ['', ' ', 'word ']) {
      const parts = {
        tools,
        habits: { thinksFirst: undefined },
        onWithheld: () => undefined,
        onTold: () => undefined,
      }
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
