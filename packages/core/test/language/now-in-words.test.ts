import { expect, it } from 'vitest'
import { isTimeZone, nowInWords } from '../../src/language/now-in-words.ts'

const AT = Date.UTC(2030, 0, 1, 22, 5)
/** Runtimes differ in the blank before AM. */
const plain = (text: string) => text.replaceAll(/\s/g, ' ')

it.each([
  ['en-US', 'UTC', 'Tuesday, January 1, 2030 at 10:05 PM'],
  ['en-US', 'Asia/Jerusalem', 'Wednesday, January 2, 2030 at 12:05 AM'],
  ['de-DE', 'America/New_York', 'Dienstag, 1. Januar 2030 um 17:05'],
  ['no language', 'UTC', 'Tuesday, January 1, 2030 at 10:05 PM'],
  ['th-TH', 'UTC', 'ค.ศ. 2030'],
])('tells the time in %s, %s', (language, zone, expected) => {
  expect(plain(nowInWords(AT, language, zone))).toContain(expected)
})

it("knows a time zone by its name, and takes the machine's own for one it does not know", () => {
  expect(['Asia/Jerusalem', 'UTC'].map(isTimeZone)).toEqual([true, true])
  expect(['Mars/Base', ''].map(isTimeZone)).toEqual([false, false])
  expect(nowInWords(AT, 'en-US', 'Mars/Base')).toBe(nowInWords(AT, 'en-US'))
})
