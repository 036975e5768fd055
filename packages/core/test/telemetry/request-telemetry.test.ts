import { expect, it } from 'vitest'
import { rig } from './redactor-rig.ts'

it.each([
  [100, 20, { input_tokens: 100, output_tokens: 20 }],
  [0, 0, { input_tokens: 0, output_tokens: 0 }],
  [Number.NaN, 20, { output_tokens: 20 }],
  [100, -1, { input_tokens: 100 }],
  [1.5, Number.POSITIVE_INFINITY, {}],
  ['100' as never, undefined as never, {}],
])('a request tells of %s and %s tokens what is a figure', (input, output, tokens) => {
  const { telemetry, events } = rig()
  const watch = telemetry.requests.watch('llm', 1)
  watch.asked('model')
  watch.tokens(input, output)
  watch.over(undefined, true)
  const fields = { turn: 1, plugin: 'model', asked_ms: 0, outcome: 'answered', ...tokens }
  expect(events.map((event) => event.fields)).toEqual([fields])
})
