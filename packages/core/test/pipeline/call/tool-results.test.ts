import { describe, expect, it } from 'vitest'
import type { ToolProvider } from '../../../src/index.ts'
import { createCallRig } from '../call-rig.ts'
import { expectSendable } from '../sendable-messages.ts'
import { rigTools } from './tool-rigs.ts'

/** What the model is told of a tool that it calls once, and how the call was counted. */
async function toldOf(run: ToolProvider['run']) {
  const rig = createCallRig({
    settings: { conversation: { greeting: '' } },
    llm: { replies: [{ toolCalls: [{ id: 'a', name: 'look', arguments: '{}' }] }, 'So it is.'] },
    tools: rigTools({}, ['look'], run),
  })
  rig.start()
  await rig.silence(100)
  await rig.speak(600)
  rig.stt.sessions[0]!.emit({ type: 'final', text: 'please do it' })
  await rig.silence(7000)
  const { messages } = rig.llm.requests.at(-1)!.request
  expectSendable(messages)
  const told = messages.find(({ role }) => role === 'tool')!.content
  const failed = rig.of('tool_ended').map(({ fields }) => fields['failed'])
  expect(rig.of('stage_failed')).toEqual([])
  expect(rig.of('agent_said').map(({ private: said }) => said['text'])).toEqual(['So it is.'])
  await rig.end()
  expect(rig.time.pending()).toBe(0)
  return { told, failed: failed[0] === true }
}

const circular: Record<string, unknown> = { seats: 17 }
circular['self'] = circular

describe('what a tool resolves with is what it did', () => {
  it.each<readonly [string, unknown, string | RegExp]>([
    ['a text', 'seventeen', 'seventeen'],
    ['undefined', undefined, 'Done.'],
    ['an empty text', '', 'Done.'],
    ['a blank text', ' \n', 'Done.'],
    ['a function', () => 17, 'Done.'],
    ['a symbol', Symbol('seats'), 'Done.'],
    ['null', null, 'null'],
    ['false', false, 'false'],
    ['a number', 17, '17'],
    ['no number', Number.NaN, 'null'],
    ['a bigint', 9007199254740993n, '9007199254740993'],
    ['a bigint within', { id: 9007199254740993n }, '{"id":"9007199254740993"}'],
    ['a date', new Date(Date.UTC(2026, 0, 2)), '"2026-01-02T00:00:00.000Z"'],
    ['a date that is none', { at: new Date(Number.NaN) }, '{"at":null}'],
    ['a map', new Map([['seats', 17]]), '{"seats":17}'],
    ['a map by numbers', new Map([[1, { of: new Set(['a']) }]]), '{"1":{"of":["a"]}}'],
    ['a set', new Set([1, 2]), '[1,2]'],
    ['an error', { state: 'rejected', reason: new Error('it is full') }, /it is full/],
    ['a circle', circular, /^Done, but its result cannot be written as JSON/],
    ['a JSON that throws', { toJSON: () => circular['self'] && JSON.parse('{') }, /^Done, but/],
    ['half a character', 'at nine \ud83d', /^at nine .$/u],
    ['half a character within', { text: 'at nine \ude00' }, /at nine/],
    ['a long text', 'é'.repeat(20_000), /é\n\[cut: the answer is longer than 16384 bytes\]$/],
    ['a list without an end', new Array(1_200_000).fill(1), /^Done, but its result is longer/],
    ['a text of a million', ['x'.repeat(1_000_001)], /^Done, but its result is longer/],
    ['a thenable that settles twice', { then: twice }, '17'],
  ])('%s', async (_what, result, expected) => {
    const { told, failed } = await toldOf(() => Promise.resolve(result))
    expect(told).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
    expect(failed).toBe(false)
  })

  it('a getter that throws', async () => {
    const result = Object.defineProperty({}, 'seats', {
      enumerable: true,
      get: () => JSON.parse('{') as never,
    })
    const { told, failed } = await toldOf(() => Promise.resolve(result))
    expect(told).toMatch(/^Done, but its result cannot be written/)
    expect(failed).toBe(false)
  })
})

function twice(resolve: (value: string) => void): void {
  resolve('17')
  resolve('18')
}

const unreadable = Object.defineProperty(new Error('x'), 'message', { get: () => JSON.parse('{') as never })

describe('what a tool throws is a failure in its words', () => {
  it.each<readonly [string, unknown, string | RegExp]>([
    ['an error', new Error('it is full.'), 'The tool failed: it is full.'],
    ['a text', 'it is full', 'The tool failed: it is full.'],
    ['an error that is none of this realm', { code: 'P0001', message: 'it is full' }, /: it is full\.$/],
    ['undefined', undefined, 'The tool failed: no reason given.'],
    ['null', null, 'The tool failed: no reason given.'],
    ['a number', 404, 'The tool failed: no reason given.'],
    ['an error without a word', new RangeError(''), 'The tool failed: RangeError.'],
    ['a message that is no text', { message: { secret: 1 } }, 'The tool failed: no reason given.'],
    ['a message that throws', unreadable, /^The tool failed: /],
    ['half a character', new Error(`${'x'.repeat(499)}😀`), /^The tool failed: x{499}.\.$/u],
  ])('%s', async (_what, thrown, expected) => {
    for (const run of [async () => raise(thrown), () => raise(thrown)]) {
      const { told, failed } = await toldOf(run)
      expect(told).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
      expect(failed).toBe(true)
    }
  })

  it('nothing at all, for ever', async () => {
    const thenable = { then: () => undefined } as unknown as Promise<unknown>
    for (const run of [() => new Promise(() => undefined), () => thenable]) {
      expect(await toldOf(run)).toEqual({
        told: expect.stringMatching(/longer than 5000 ms/) as unknown,
        failed: true,
      })
    }
  })
})

function raise(thrown: unknown): never {
  throw thrown
}
