import { describe, expect, it } from 'vitest'
import {
  createLevelMeter,
  findLeak,
  type Interval,
  leakedFrames,
  segmentLevels,
  soundsSame,
} from '../../src/panel/index.ts'
import { mixed, noise, voiceAt } from './sounds.ts'

const at = (startMs: number, endMs: number): Interval => ({ startMs, endMs })
const DURATION_MS = 14_000
const AGENT = [at(500, 3200), at(5300, 8800), at(11_000, 13_000)]
/** A turn, a word over the agent's voice, a turn. */
const CALLER = [at(3700, 4900), at(6400, 6700), at(9400, 10_600)]
const agent = voiceAt(AGENT, DURATION_MS)
const caller = voiceAt(CALLER, DURATION_MS)
const line = noise(DURATION_MS, -60)

function levelsOf(...parts: readonly Float64Array[]): Float64Array {
  const meter = createLevelMeter(8000)
  meter.push(mixed(...parts))
  return meter.levelsDb()
}

const leaked = (db: number, delayMs: number): Float64Array =>
  agent.map((_, i) => 10 ** (db / 20) * (agent[i - delayMs * 8] ?? 0))

describe('a voice in the other channel', () => {
  it.each([
    [-8, 0],
    [-20, 100],
    [-30, 600],
    [-15, 900],
  ])('is found %i dB softer, %i ms later, and is not the caller', (db, delayMs) => {
    const from = levelsOf(agent, line)
    const into = levelsOf(caller, leaked(db, delayMs), line)
    const leak = findLeak(from, into)
    expect(Math.abs(leak!.levelDb - db)).toBeLessThan(1.5)
    expect(Math.abs(leak!.delayMs - delayMs)).toBeLessThanOrEqual(10)
    const found = segmentLevels(into, { notOwn: leakedFrames(from, into, leak!) })
    expect(found).toHaveLength(CALLER.length)
    found.forEach(({ startMs, endMs }, i) => {
      expect(Math.abs(startMs - CALLER[i]!.startMs)).toBeLessThanOrEqual(60)
      expect(Math.abs(endMs - CALLER[i]!.endMs)).toBeLessThanOrEqual(60)
    })
  })

  it('is found in both directions', () => {
    const softCaller = caller.map((sample) => sample / 10)
    const [left, right] = [levelsOf(caller, leaked(-20, 0), line), levelsOf(agent, softCaller, line)]
    expect(findLeak(right, left)?.levelDb).toBeCloseTo(-20, 0)
    expect(findLeak(left, right)?.levelDb).toBeCloseTo(-20, 0)
  })

  it('is not found where each is alone in theirs, however loud the line is', () => {
    for (const db of [-80, -50, -35]) {
      const [left, right] = [
        levelsOf(caller, noise(DURATION_MS, db)),
        levelsOf(agent, noise(DURATION_MS, db)),
      ]
      expect(findLeak(left, right)).toBeUndefined()
      expect(findLeak(right, left)).toBeUndefined()
    }
  })

  it('is not found in what rises and falls with it, now more softly and now less', () => {
    const uneven = leaked(-8, 0).map((sample, i) => sample * 10 ** (-((i / 800) % 24) / 20))
    expect(findLeak(levelsOf(agent, line), levelsOf(uneven, line))).toBeUndefined()
  })

  it('is not found in nothing', () => {
    const nothing = new Float64Array(1000).fill(-120)
    expect(findLeak(nothing, nothing)).toBeUndefined()
    expect(findLeak(levelsOf(agent, line), nothing)).toBeUndefined()
    expect(findLeak(new Float64Array(0), new Float64Array(0))).toBeUndefined()
  })
})

describe('two channels sound the same', () => {
  it('where both hold both voices, of one loudness or nearly', () => {
    const both = levelsOf(caller, agent, line)
    expect(soundsSame(both, both)).toBe(true)
    expect(
      soundsSame(
        both,
        both.map((levelDb) => levelDb - 2),
      ),
    ).toBe(true)
  })

  it('not where they hold one each, or noise alone', () => {
    expect(soundsSame(levelsOf(caller, line), levelsOf(agent, line))).toBe(false)
    expect(soundsSame(levelsOf(caller, leaked(-8, 0), line), levelsOf(agent, line))).toBe(false)
    expect(soundsSame(levelsOf(line), levelsOf(noise(DURATION_MS, -60)))).toBe(false)
  })
})

describe('the levels of a channel', () => {
  it('are the same however its sound comes', () => {
    const samples = mixed(caller, line)
    const meter = createLevelMeter(8000)
    for (let from = 0; from < samples.length; from += 333) meter.push(samples.subarray(from, from + 333))
    expect(meter.levelsDb()).toEqual(levelsOf(caller, line))
  })

  it('lie on the clock at a rate that 10 ms do not divide', () => {
    const meter = createLevelMeter(11_025)
    meter.push(new Int16Array(11_025 * 60))
    expect(meter.levelsDb()).toHaveLength(6000)
  })
})
