import { describe, expect, it } from 'vitest'
import { meantZone } from '../../../src/config/hints/meant-zone.ts'

describe('meantZone', () => {
  it.each([
    ['Asia/Tel Aviv', 'Asia/Tel_Aviv'],
    ['America/NewYork', 'America/New_York'],
    ['Jerusalem', 'Asia/Jerusalem'],
    ['Israel/Jerusalem', 'Asia/Jerusalem'],
    ['Europe/Berln', 'Europe/Berlin'],
    [' Europe/Berlin ', 'Europe/Berlin'],
    ['Ho Chi Minh', 'Asia/Ho_Chi_Minh'],
  ])('%s is %s', (written, meant) => expect(meantZone(written)).toBe(meant))

  it.each(['GMT+2', 'UTC+02:00', '+02:00', 'Berln', 'summer', 'x'.repeat(100)])(
    'does not guess at %s',
    (written) => expect(meantZone(written)).toBeUndefined(),
  )
})
