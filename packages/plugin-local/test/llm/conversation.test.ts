import type { LlmEvent, LlmMessage } from '@kav/core'
import { createFakeClock, testContext, testParams } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { localLlm } from '../../src/llm/index.ts'
import { FRONT_DESK_DIR } from './front-desk.ts'

const HANG_UP = { name: 'hang_up', description: 'Ends the call', parameters: { type: 'object' } }
const never = new AbortController().signal

function createDesk(params: object = {}) {
  const context = testContext({ baseDir: FRONT_DESK_DIR })
  return localLlm.create(
    testParams(localLlm.params, { script: 'scripts/front-desk.yaml', ...params }),
    context,
  )
}

/** Says the lines one after the other; gives the answer to the last. */
async function converse(lines: readonly string[], tools = [HANG_UP]): Promise<LlmEvent[]> {
  const desk = createDesk()
  const messages: LlmMessage[] = [{ role: 'system', content: 'Be kind.' }]
  let events: LlmEvent[] = []
  for (const line of lines) {
    messages.push({ role: 'user', content: line })
    events = []
    for await (const event of desk.reply({ callId: 'test', messages, tools }, never)) events.push(event)
    messages.push({ role: 'assistant', content: textOf(events) })
  }
  return events
}

const textOf = (events: readonly LlmEvent[]): string =>
  events.map((event) => (event.type === 'text' ? event.text : '')).join('')

describe('the front desk', () => {
  it.each([
    ['weasels have eaten our phone system', /weasel expert/],
    ['weasels have eaten our phone the there', /weasel expert/],
    ['have eaten our phone system', /weasel expert/],
    ['something terribly wrong', /ticket/],
    ['um the number is not answering', /tested that number/],
    ['well thank you very much for that', /welcome/],
    ['can you please come on friday', /Friday is fine.*on Friday before noon/],
    ['hello', /front desk/],
    ['yes', /tell me more/],
    ['no', /pleasant day/],
    ['cancelled', /cancelled/],
    ['telephone number', /reached us/],
    ['my telephone is broken', /ticket/],
  ])('answers %j', async (said, answer) => {
    expect(textOf(await converse([said]))).toMatch(answer)
  })

  it('says farewell and hangs up at goodbye, where it may', async () => {
    const events = await converse(['Goodbye!'])
    expect(textOf(events)).toMatch(/^Goodbye, and thank you for calling/)
    expect(events.slice(-2)).toEqual([
      { type: 'tool-call', id: 'scripted-2', name: 'hang_up', arguments: '{}' },
      { type: 'end', reason: 'tool-calls' },
    ])
    expect((await converse(['Goodbye!'], [])).at(-1)).toEqual({ type: 'end', reason: 'stop' })
  })

  it('answers the same thing otherwise the second time, and the first way again the third', async () => {
    const said = 'weasels have eaten our phone system'
    const answers = await Promise.all(
      [1, 2, 3].map(async (n) => textOf(await converse(Array(n).fill(said) as string[]))),
    )
    expect(answers[1]).toMatch(/already on the way/)
    expect(answers[0]).not.toBe(answers[1])
    expect(answers[2]).toBe(answers[0])
  })

  it('falls back further each time in a row, hangs up in the end, and starts anew after a match', async () => {
    const odd = 'purple elephants'
    expect(textOf(await converse([odd]))).toMatch(/say it again/)
    expect(textOf(await converse([odd, odd]))).toMatch(/still did not understand/)
    const last = await converse([odd, odd, odd])
    expect(textOf(last)).toMatch(/line seems to be too bad/)
    expect(last.some((event) => event.type === 'tool-call')).toBe(true)
    expect(textOf(await converse([odd, odd, 'hello', odd]))).toMatch(/say it again/)
  })

  it('greets when asked before the caller has said anything', async () => {
    const desk = createDesk()
    let text = ''
    for await (const event of desk.reply({ callId: 'test', messages: [], tools: [] }, never)) {
      if (event.type === 'text') text += event.text
    }
    expect(text).toMatch(/How can I help/)
  })

  it('expects to hear its phrases with every value of their slots', () => {
    const { hints = [] } = createDesk()
    expect(hints).toContain('can you come on friday')
    expect(hints).toContain('my phone system is broken')
    expect(hints.every((hint) => !hint.includes('{'))).toBe(true)
  })

  it('waits before the first and before every further word as long as it is told', async () => {
    const { clock, advance } = createFakeClock()
    const context = testContext({ clock, baseDir: FRONT_DESK_DIR })
    const params = { script: 'scripts/front-desk.yaml', first_token_ms: 300, token_ms: 50 }
    const desk = localLlm.create(testParams(localLlm.params, params), context)
    const messages = [{ role: 'user' as const, content: 'yes' }]
    const words = desk.reply({ callId: 'test', messages, tools: [] }, never)[Symbol.asyncIterator]()
    const heard: unknown[] = []
    const first = words.next().then(({ value }) => heard.push(value))
    await advance(299)
    expect(heard).toEqual([])
    await advance(1)
    await first
    expect(heard).toEqual([{ type: 'text', text: 'Very' }])
    const second = words.next().then(({ value }) => heard.push(value))
    await advance(50)
    await second
    expect(heard[1]).toEqual({ type: 'text', text: ' good.' })
    await desk.close()
  })

  it('tells what is wrong with a script file when it is made', () => {
    expect(() => createDesk({ script: 'scripts/none.yaml' })).toThrow(/Cannot read the script .*no such file/)
    expect(() => createDesk({ script: 'scripts' })).toThrow(/it is a directory/)
  })
})
