import fc from 'fast-check'
import { expect, it } from 'vitest'
import { heardAfterMs, waterfallOf } from '../src/conversation/waterfall.ts'
import { timedLines, lineAt } from '../src/past/line-times.ts'
import { turnLatencies } from '../src/past/turn-latencies.ts'
import { PLAIN_RECORD } from './fake-api/records.ts'

it('sets each step out from where the one before it ended', () => {
  const { bars, totalMs } = waterfallOf(
    { turn: 2, turn_end_ms: 320, first_token_ms: 610, first_audio_ms: 790, first_frame_ms: 812 },
    860,
  )
  expect(bars.map(({ step, startMs, endMs }) => [step, startMs, endMs])).toEqual([
    ['turn-end', 0, 320],
    ['first-token', 320, 610],
    ['first-audio', 610, 790],
    ['first-frame', 790, 812],
    ['heard', 812, 860],
  ])
  expect(totalMs).toBe(860)
})

it('shows a step of an answer that was prepared as early, and counts it into nothing', () => {
  const { bars, totalMs } = waterfallOf({
    turn: 1,
    turn_end_ms: 534,
    first_token_ms: 198,
    first_audio_ms: 315,
    first_frame_ms: 543,
  })
  expect(bars.filter(({ early }) => early).map(({ step }) => step)).toEqual(['first-token', 'first-audio'])
  expect(totalMs).toBe(543)
})

it('leaves out what did not happen', () => {
  expect(waterfallOf({ turn: 3, turn_end_ms: 400 }).bars.map(({ step }) => step)).toEqual(['turn-end'])
  expect(waterfallOf({ turn: 3 })).toMatchObject({ bars: [], totalMs: 0 })
})

it('adds up: the bars that are not early are the whole, whatever the steps were', () => {
  const step = fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined })
  fc.assert(
    fc.property(
      step,
      step,
      step,
      step,
      step,
      (turn_end_ms, first_token_ms, first_audio_ms, first_frame_ms, heard) => {
        const { bars, totalMs } = waterfallOf(
          { turn: 1, turn_end_ms, first_token_ms, first_audio_ms, first_frame_ms },
          heard,
        )
        const sum = bars
          .filter(({ early }) => !early)
          .reduce((all, { startMs, endMs }) => all + endMs - startMs, 0)
        expect(sum).toBe(totalMs)
      },
    ),
  )
})

it('finds when the agent was in the caller’s ear, by the playout clock', () => {
  const voice = [
    { startMs: 1650, endMs: 6370 },
    { startMs: 10_263, endMs: 13_808 },
  ]
  expect(heardAfterMs({ first_frame_ms: 543 }, 10_243, voice)).toBe(563)
  expect(heardAfterMs({ first_frame_ms: 543 }, 20_000, voice)).toBeUndefined()
  expect(heardAfterMs({}, 10_243, voice)).toBeUndefined()
})

it('tells of every turn of a record how long the caller waited until they heard something', () => {
  expect(turnLatencies(PLAIN_RECORD).map(({ heardMs, speechEndMs }) => [heardMs, speechEndMs])).toEqual([
    [563, 9700],
    [1137, 15_358],
    [511, 24_704],
    [850, 31_455],
  ])
  expect(turnLatencies({ ...PLAIN_RECORD, events: [] })[0]).toMatchObject({
    speechEndMs: undefined,
    totalMs: 543,
  })
})

it('plays a line from where its voice begins', () => {
  const lines = timedLines(PLAIN_RECORD)
  expect(lines.map(({ startMs }) => startMs)).toEqual([
    1650, 6974, 10_263, 13_213, 16_495, 24_278, 25_215, 30_912, 32_305,
  ])
  expect(lineAt(lines, 7000)).toBe(1)
  expect(lineAt(lines, 0)).toBe(-1)
  const unheard = { ...PLAIN_RECORD, voice: { caller: [], agent: [] } }
  expect(timedLines(unheard)[1]!.startMs).toBe(10_234)
})
