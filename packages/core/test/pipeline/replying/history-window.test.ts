import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LlmMessage, LlmSummaryRequest } from '../../../src/contracts/index.ts'
import { createConversationHistory } from '../../../src/pipeline/replying/history.ts'
import { estimateTokens } from '../../../src/pipeline/replying/history-window.ts'
import { asWritten } from '../../../src/language/spoken-form/rules/spoken-text.ts'
import { createUtterance } from '../../../src/pipeline/replying/utterance.ts'
import { createCallRig } from '../call-rig.ts'
import { expectStrictOrder } from '../strict-messages.ts'

interface Turn {
  readonly user: number
  readonly tools: readonly number[]
  readonly agent: number
}

/** A history of turns of given lengths, asked for after each of them as a model would be. */
function play(turns: readonly Turn[], maxTokens: number, summary = '') {
  const forgotten: LlmMessage[] = []
  const requests: LlmMessage[][] = []
  const history = createConversationHistory(() => 'You answer.', {
    maxTokens,
    onForgotten: (messages) => forgotten.push(...messages),
    summary: () => summary,
  })
  for (const [index, turn] of turns.entries()) {
    history.user(`${index} ${'u'.repeat(turn.user)}`)
    const entry = history.agent()
    requests.push(history.messages(undefined, entry))
    turn.tools.forEach((chars, round) => {
      entry
        .toolCalls(round, [{ id: `t${index}_${round}`, name: 'look', arguments: '{}' }])
        .result(0, 'r'.repeat(chars))
      requests.push(history.messages(undefined, entry))
    })
    const utterance = createUtterance()
    entry.speaks(utterance)
    utterance.begin(utterance.add(asWritten(`a${'a'.repeat(turn.agent)}`), turn.tools.length), 0)
  }
  return { forgotten, requests, history }
}

const size = fc.integer({ min: 0, max: 1500 })
const turns = fc.array(fc.record({ user: size, tools: fc.array(size, { maxLength: 3 }), agent: size }), {
  maxLength: 12,
})

describe('the window on the history', () => {
  it('is never exceeded but by the newest turn, begins with the caller, and keeps calls with their results', () => {
    fc.assert(
      fc.property(turns, fc.integer({ min: 500, max: 4000 }), (talk, maxTokens) => {
        const { requests } = play(talk, maxTokens)
        for (const messages of requests) {
          expectStrictOrder(messages)
          expect(messages.slice(0, 2).map(({ role }) => role)).toEqual(['system', 'user'])
          const lastUser = messages.findLastIndex(({ role }) => role === 'user')
          const before = messages.slice(1, lastUser)
          if (before.length > 0) expect(estimateTokens(messages.slice(1))).toBeLessThanOrEqual(maxTokens)
        }
      }),
    )
  })

  it('loses nothing: what was forgotten and what is left are what was said, in order', () => {
    fc.assert(
      fc.property(turns, fc.integer({ min: 500, max: 4000 }), (talk, maxTokens) => {
        const { forgotten, history } = play(talk, maxTokens)
        const left = history.messages().slice(1)
        expect([...forgotten, ...left]).toEqual(play(talk, 1e9).history.messages().slice(1))
      }),
    )
  })

  it('moves in steps, so that the beginning of most requests is that of the one before', () => {
    const talk = Array.from({ length: 400 }, () => ({ user: 60, tools: [], agent: 90 }))
    const { requests } = play(talk, 2000)
    const moved = requests.filter(
      (messages, index) => index > 0 && messages[1]!.content !== requests[index - 1]![1]!.content,
    )
    expect(moved.length).toBeGreaterThan(5)
    expect(moved.length).toBeLessThan(60)
    expect(Math.max(...requests.map((messages) => messages.length))).toBeLessThan(80)
  })

  it('keeps the system prompt whole, with the summary behind it', () => {
    const { history } = play([{ user: 5000, tools: [9000], agent: 10 }], 500, 'They want a table.')
    expect(history.messages()[0]).toEqual({ role: 'system', content: 'You answer.\n\nThey want a table.' })
    expect(
      history
        .messages()
        .slice(1)
        .map(({ role }) => role),
    ).toEqual(['user', 'assistant', 'tool', 'assistant'])
  })
})

/** Two hours of talk, as fast as turns can follow one another. */
async function talk(rig: ReturnType<typeof createCallRig>, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await rig.speak(400)
    rig.stt.sessions[0]!.emit({ type: 'final', text: `turn ${index} ${'word '.repeat(60)}` })
    await rig.silence(1500)
  }
}

describe('a call that goes on for long', () => {
  const settings = { conversation: { greeting: '', historyMaxTokens: 600 } }

  it('gives the model no more than the window, and tells what was forgotten', async () => {
    const rig = createCallRig({ settings, llm: { replies: ['I see.'] } })
    rig.start()
    await rig.silence(200)
    await talk(rig, 20)
    for (const { request } of rig.llm.requests) {
      expectStrictOrder(request.messages)
      expect(estimateTokens(request.messages.slice(1))).toBeLessThan(600 + 150)
    }
    const forgotten = rig.of('history_forgotten')
    expect(forgotten.length).toBeGreaterThan(2)
    expect(forgotten[0]!.fields).toMatchObject({ summarized: false })
    expect(rig.metrics.value('history_messages_forgotten_total')).toBeGreaterThan(20)
    await rig.end()
  })

  it('has what is forgotten summarized in the background, each part once, with what was before', async () => {
    const rig = createCallRig({ settings, llm: { replies: ['I see.'] } })
    const asked: LlmSummaryRequest[] = []
    rig.llm.provider.summarize = async (request) => {
      asked.push(request)
      if (asked.length === 2) throw new Error('overloaded')
      return `They talk a lot. </think>\n\nSummary ${asked.length}.`
    }
    rig.start()
    await rig.silence(200)
    await talk(rig, 20)
    expect(asked.length).toBeGreaterThan(2)
    expect(asked.slice(0, 3).map(({ before }) => before)).toEqual(['', 'Summary 1.', 'Summary 1.'])
    expect(asked[0]!.messages[0]!.content).toMatch(/^turn 0 /)
    expect(asked[1]!.messages[0]!.role).toBe('user')
    expect(rig.of('history_summary_failed')).toHaveLength(1)
    expect(rig.llm.requests.at(-1)!.request.messages[0]!.content).toMatch(
      /^You answer\.\n\nEarlier in this call, in short:\nSummary [3-9]\.$/,
    )
    await rig.end()
  })

  it('waits for no summary, and leaves none open behind it', async () => {
    const rig = createCallRig({ settings, llm: { replies: ['I see.'] } })
    const signals: AbortSignal[] = []
    rig.llm.provider.summarize = (_request, signal) => {
      signals.push(signal)
      return new Promise(() => undefined)
    }
    rig.start()
    await rig.silence(200)
    await talk(rig, 15)
    expect(rig.llm.requests.length).toBeGreaterThanOrEqual(15)
    await rig.end()
    expect(signals.length).toBeGreaterThan(0)
    expect(signals.every(({ aborted }) => aborted)).toBe(true)
    expect(rig.time.pending()).toBe(0)
  })
})
