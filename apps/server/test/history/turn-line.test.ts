import { describe, expect, it } from 'vitest'
import { momentOf } from '../../src/history/moment-of.ts'
import { turnLine } from '../../src/history/turn-line.ts'

describe('the line of a turn', () => {
  it('says where the time went, and in all', () => {
    const turn = {
      turn: 2,
      turn_end_ms: 524,
      first_token_ms: 930,
      first_audio_ms: 1100,
      first_frame_ms: 1180,
    }
    expect(turnLine(turn)).toBe(
      'turn 2: 1180 ms after the caller: 524 until the turn was over, 406 until the model began, 170 until the voice began, 80 until it was sent',
    )
  })

  it('tells what was prepared early, and what never came', () => {
    const early = { turn: 3, turn_end_ms: 500, first_token_ms: 300, first_frame_ms: 560 }
    expect(turnLine(early)).toBe(
      'turn 3: 560 ms after the caller: 500 until the turn was over, until the model began: early, at 300, 60 until it was sent',
    )
    expect(turnLine({ turn: 4 })).toBe('turn 4: no answer')
  })
})

describe('a moment', () => {
  it.each([
    ['1d', '2026-11-29T12:00:00.000Z'],
    ['2026-11-28', '2026-11-28T00:00:00.000Z'],
    // Of UTC wherever the process runs.
    ['2026-11-28T14:00', '2026-11-28T14:00:00.000Z'],
    ['2026-11-28T14:00:00+02:00', '2026-11-28T12:00:00.000Z'],
    ['2026-11-28 14:00', '2026-11-28T14:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('is %s', (text, is) => {
    expect(new Date(momentOf(text, Date.parse('2026-11-30T12:00:00Z'))!).toISOString()).toBe(is)
  })

  it.each([
    'yesterday',
    '',
    '12',
    '2026',
    'Nov 3',
    '7D',
    '-1d',
    '2026-1-5',
    '2026-02-30',
    '2027-02-29T10:00Z',
    '2026-13-01',
    '2026-11-28T25:00',
  ])('is not %j', (text) => {
    expect(momentOf(text, 0)).toBeUndefined()
  })
})
