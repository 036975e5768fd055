import { describe, expect, it } from 'vitest'
import { createSpeechLevel } from '../../../src/pipeline/hearing/speech-level.ts'

/** Mean square of a window at so many dB. */
const at = (db: number): number => 1e6 * 10 ** (db / 10)

function heard(quieterDb = 10) {
  const level = createSpeechLevel(quieterDb)
  /** A voice of windows at these levels; tells after which of them it is near. */
  function voice(...db: number[]): number {
    level.started(at(db[0]!))
    let near = level.near ? 0 : -1
    db.slice(1).forEach((each, index) => {
      level.goesOn(at(each))
      if (near < 0 && level.near) near = index + 1
    })
    level.stopped(level.near)
    for (let windows = 0; windows < 16; windows++) level.silent(at(-60))
    return near
  }
  return { level, voice }
}

const UTTERANCE = [-6, 0, -3, -8, -1, 0, -12, -4, -2, -7]

describe('whose voice it is', () => {
  it('is the caller’s while nothing is known', () => expect(heard().voice(-40)).toBe(0))

  it('is somebody else’s when its loudest window is quieter by more than is said', () => {
    const { voice } = heard()
    voice(...UTTERANCE)
    expect(voice(...UTTERANCE.map((db) => db - 11))).toBe(-1)
    expect(voice(...UTTERANCE.map((db) => db - 9))).toBeGreaterThanOrEqual(0)
  })

  it('is the caller’s as soon as one window is loud enough', () => {
    const { voice } = heard()
    voice(...UTTERANCE)
    expect(voice(-30, -25, -20, -5)).toBe(3)
  })

  it('is always the caller’s where nobody else is looked for', () => {
    const { voice } = heard(0)
    voice(...UTTERANCE)
    expect(voice(-60)).toBe(0)
  })

  it('is not learnt from a cough, nor from somebody else', () => {
    const { voice } = heard()
    voice(20, 20, 20)
    voice(...UTTERANCE)
    voice(...UTTERANCE.map((db) => db - 15))
    expect(voice(...UTTERANCE.map((db) => db - 9))).toBeGreaterThanOrEqual(0)
  })

  it('follows a caller who moves', () => {
    const { voice } = heard()
    voice(...UTTERANCE)
    for (let times = 0; times < 6; times++) voice(...UTTERANCE.map((db) => db - 8))
    expect(voice(...UTTERANCE.map((db) => db - 15))).toBeGreaterThanOrEqual(0)
  })
})

describe('what sounds before a voice is found', () => {
  it('tells how loud the voice is, where the detector was late', () => {
    const { level, voice } = heard()
    voice(...UTTERANCE)
    for (const db of [-60, -2, -4, -12]) level.silent(at(db))
    level.started(at(-20))
    expect(level.near).toBe(true)
    // It belongs to that voice, and to no later one.
    level.stopped(true)
    for (let windows = 0; windows < 16; windows++) level.silent(at(-60))
    expect(voice(-20)).toBe(-1)
  })

  it('is the caller’s voice that goes on, where that has just stopped', () => {
    const { level, voice } = heard()
    voice(...UTTERANCE)
    const nearAfter = (windows: number): boolean => {
      level.started(at(-1))
      level.stopped(true)
      for (let n = 0; n < windows; n++) level.silent(at(-60))
      level.started(at(-30))
      return level.near
    }
    expect([3, 10].map(nearAfter)).toEqual([true, false])
  })

  it('is loud when it is as loud as the caller, twice in a row', () => {
    const { level, voice } = heard()
    const after = (...db: number[]): boolean => {
      for (const each of db) level.silent(at(each))
      return level.loud
    }
    // Nobody knows yet how loud that is.
    expect(after(-60, 0, 0)).toBe(false)
    after(-60, -60)
    voice(...UTTERANCE)
    expect(after(-60, -3)).toBe(false)
    expect(after(-3)).toBe(true)
    expect(after(-14)).toBe(false)
    expect(after(-60, -11, -11)).toBe(false)
  })

  it('is not loud when it is hardly louder than the line', () => {
    const { level } = heard()
    for (let windows = 0; windows < 30; windows++) level.silent(at(-10))
    level.started(at(0))
    for (const db of UTTERANCE) level.goesOn(at(db))
    level.stopped(true)
    for (let windows = 0; windows < 30; windows++) level.silent(at(-8))
    expect(level.loud).toBe(false)
  })
})

describe('the end of a voice', () => {
  it('is where it is 30 dB below its loudest', () => {
    const { level } = heard()
    level.started(at(-3))
    for (const db of [0, 0, -10]) level.goesOn(at(db))
    expect(level.isOver(at(-32))).toBe(true)
    expect(level.isOver(at(-25))).toBe(false)
  })

  it('is not brought about by a bang', () => {
    const { level } = heard()
    level.started(at(-10))
    for (const db of [-10, 40, -10]) level.goesOn(at(db))
    expect(level.isOver(at(-15))).toBe(false)
  })
})
