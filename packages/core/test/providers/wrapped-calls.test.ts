import { expect, it } from 'vitest'
import { declaredToolName } from '../../src/kit/index.ts'
import { wrappedCalls } from '../../src/providers/wrapped-calls.ts'

const meant = (name: string) => declaredToolName(name, (each) => ['book', 'parallel_ride'].includes(each))
const use = (name: string) => ({ recipient_name: `functions.${name}`, parameters: { size: 4 } })
const event = (name: string, uses: readonly unknown[]) => ({
  ...({ type: 'tool-call', id: 'a', name, opaque: { origin: 'x' } } as const),
  arguments: JSON.stringify({ tool_uses: uses }),
})

it.each(['multi_tool_use.parallel', 'multi_tool_use_parallel', 'parallel'])(
  'calls that a model wrote into one of %s are made, each with an id of its own',
  (name) => {
    const calls = wrappedCalls(event(name, [use('book'), use('book')]), meant)
    expect(calls).toMatchObject([
      { name: 'functions.book', arguments: '{"size":4}', opaque: { origin: 'x' } },
      { name: 'functions.book', arguments: '{"size":4}' },
    ])
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2)
    expect(calls[1]).not.toHaveProperty('opaque')
  },
)

it('an id of many digits in one keeps them', () => {
  const uses = `{"tool_uses":[{"recipient_name":"book","parameters":{"id":9007199254740993}}]}`
  expect(wrappedCalls({ ...event('parallel', []), arguments: uses }, meant)).toMatchObject([
    { arguments: '{"id":"9007199254740993"}' },
  ])
})

it('any other call is itself', () => {
  for (const call of [
    event('parallel_ride', [use('book')]),
    event('parallel', [use('cook')]),
    event('cook', [use('book')]),
    event('book', []),
  ])
    expect(wrappedCalls(call, meant)).toEqual([call])
})
