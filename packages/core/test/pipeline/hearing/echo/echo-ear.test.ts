import { describe, expect, it } from 'vitest'
import { encodeMulaw } from '../../../../src/audio/g711.ts'
import {
  createEchoEar,
  type EchoEar,
  type FoundEcho,
} from '../../../../src/pipeline/hearing/echo/echo-ear.ts'
import { at, heardOver, speechLike } from './speech-like.ts'

const FORMAT = { encoding: 'mulaw', sampleRateHz: 8000 } as const
const WINDOW_MS = 32
const STARTED_MS = 5000

/** As a detector has it: what is louder than the line's noise. */
function isVoiced(heard: Int16Array, window: number): boolean {
  const samples = heard.subarray(window * WINDOW_MS * 8, (window + 1) * WINDOW_MS * 8)
  return samples.reduce((sum, sample) => sum + sample * sample, 0) > samples.length * 60 ** 2
}

/** Plays both sides to an ear; the verdict of each window with a voice in it. */
function listen(
  played: Int16Array,
  heard: Int16Array,
  latenessMs: (frame: number) => number = () => 0,
  look: (ear: EchoEar, heardMs: number) => void = () => {},
) {
  const found: FoundEcho[] = []
  const ear = createEchoEar(FORMAT, (echo) => found.push(echo))!
  const [sent, came] = [encodeMulaw(played), encodeMulaw(heard)]
  const verdicts: string[] = []
  for (let n = 0; (n + 1) * 160 <= came.length; n++) {
    const nowMs = STARTED_MS + n * 20
    const frame = sent.subarray(n * 160, (n + 1) * 160)
    if (frame.some((code) => code !== 0xff)) ear.onAgentFrame(frame, nowMs)
    ear.onCallerAudio(came.subarray(n * 160, (n + 1) * 160), nowMs + 20 + latenessMs(n))
    while ((verdicts.length + 1) * WINDOW_MS <= (n + 1) * 20) {
      const voiced = isVoiced(heard, verdicts.length)
      const verdict = ear.judge((verdicts.length + 1) * WINDOW_MS, WINDOW_MS, voiced)
      verdicts.push(voiced ? verdict : 'silent')
      look(ear, verdicts.length * WINDOW_MS)
    }
  }
  const share = (verdict: string, fromMs: number, toMs: number): number => {
    const windows = verdicts.slice(Math.ceil(fromMs / WINDOW_MS), Math.floor(toMs / WINDOW_MS))
    const between = windows.filter((one) => one !== 'silent')
    return between.filter((one) => one === verdict).length / between.length
  }
  return { ear, found, verdicts, share }
}

/** What it judges by is a likeness, so it errs now and then: of so many draws, the same ones on every run. */
const DRAWS = Array.from({ length: 40 }, (_, n) => ({
  seed: 1 + 9 * n,
  echo: { delayMs: 100 + 4 * ((37 * n) % 201), levelDb: -25 + ((7 * n) % 18) },
}))

describe('the agent’s own voice on its way back', () => {
  it('is found with its delay and level, whatever they are, and known from then on', () => {
    const judged = DRAWS.map(({ seed, echo }) => {
      const played = speechLike(5000, seed)
      const { found, share } = listen(played, heardOver(played, echo))
      const [only, ...others] = found
      const isFound =
        only !== undefined &&
        others.length === 0 &&
        Math.abs(only.delayMs - echo.delayMs) <= 28 &&
        Math.abs(only.levelDb - echo.levelDb) <= 4
      return { isFound, isKnown: isFound && share('own', 2500, 5000) > 0.9 }
    })
    expect(judged.filter(({ isFound }) => isFound).length).toBeGreaterThanOrEqual(0.95 * DRAWS.length)
    expect(judged.filter(({ isKnown }) => isKnown).length).toBeGreaterThanOrEqual(0.9 * DRAWS.length)
  })

  it('is likely for a moment before it is found, and not afterwards', () => {
    const played = speechLike(3000, 9)
    const likelyAt: number[] = []
    const { found } = listen(
      played,
      heardOver(played, { delayMs: 200, levelDb: -15 }),
      () => 0,
      (ear, ms) => {
        if (ear.heard(1000).likely) likelyAt.push(ms)
      },
    )
    expect(found).toHaveLength(1)
    expect(likelyAt.length).toBeGreaterThan(0)
    expect(Math.max(...likelyAt)).toBeLessThan(1200)
  })

  it('is hardly ever found in another voice', () => {
    const taken = DRAWS.filter(({ seed }) => {
      const played = speechLike(4000, seed)
      const caller = at(500, speechLike(3500, 2000 + seed), 4000)
      const { found, verdicts } = listen(played, heardOver(played, { delayMs: 0, levelDb: -100 }, caller))
      return found.length > 0 || verdicts.some((verdict) => verdict !== 'silent' && verdict !== 'other')
    })
    expect(taken.length).toBeLessThanOrEqual(0.05 * DRAWS.length)
  })

  it('does not hide a caller who speaks over it', () => {
    const played = speechLike(6000, 3)
    const caller = at(3500, speechLike(1000, 77, -22), 6000)
    const { share } = listen(played, heardOver(played, { delayMs: 240, levelDb: -15 }, caller))
    expect(share('own', 2000, 3500)).toBeGreaterThan(0.9)
    expect(share('other', 3500, 4500)).toBeGreaterThan(0.5)
    expect(share('own', 4700, 6000)).toBeGreaterThan(0.9)
  })

  it('is found again when its delay changes', () => {
    const played = speechLike(8000, 4)
    const [before, after] = [140, 500].map((delayMs) => heardOver(played, { delayMs, levelDb: -15 }))
    const heard = Int16Array.from(before!, (sample, n) => (n < 4000 * 8 ? sample : after![n]!))
    const { found, share } = listen(played, heard)
    expect(found.map(({ delayMs }) => Math.round(delayMs / 50))).toEqual([3, 10])
    expect(share('own', 6000, 8000)).toBeGreaterThan(0.9)
  })

  it('is forgotten where it does not come back any more', () => {
    const played = speechLike(8000, 5)
    const echo = heardOver(played, { delayMs: 200, levelDb: -12 })
    const caller = heardOver(played, { delayMs: 0, levelDb: -100 }, at(6000, speechLike(2000, 78, -32), 8000))
    const { share } = listen(
      played,
      Int16Array.from(echo, (sample, n) => (n < 3000 * 8 ? sample : caller[n]!)),
    )
    expect(share('own', 2000, 3000)).toBeGreaterThan(0.9)
    expect(share('other', 6100, 8000)).toBeGreaterThan(0.8)
    // What it was like is not enough to veto a voice any more.
    const again = Int16Array.from(echo, (sample, n) => (n < 3000 * 8 || n > 6000 * 8 ? sample : 0))
    expect(listen(played, again).share('own', 6050, 6330)).toBe(0)
  })

  it('is known behind a network that delivers in bursts', () => {
    const played = speechLike(6000, 6)
    const late = (frame: number): number => (frame % 25) * -20 + 500
    const { found, share } = listen(played, heardOver(played, { delayMs: 300, levelDb: -15 }), (frame) =>
      Math.max(0, late(frame) - 400),
    )
    expect(found).toHaveLength(1)
    expect(share('own', 2500, 6000)).toBeGreaterThan(0.9)
  })

  it('is not expected of what was sent and never played', () => {
    const played = speechLike(3000, 7)
    const { ear, share } = listen(played, heardOver(played, { delayMs: 200, levelDb: -15 }))
    expect(share('own', 2000, 3000)).toBeGreaterThan(0.9)
    const frame = encodeMulaw(speechLike(20, 8))
    const nowMs = STARTED_MS + 3000
    for (let n = 0; n < 25; n++) ear.onAgentFrame(frame, nowMs + n * 20)
    ear.onCleared(nowMs)
    // It sounds as what was cleared would have, once its echo had been due.
    const silence = new Uint8Array(160).fill(0xff)
    for (let n = 0; n < 11; n++) ear.onCallerAudio(silence, nowMs + (n + 1) * 20)
    const soft = encodeMulaw(speechLike(20, 8).map((sample) => sample * 0.18))
    for (let n = 11; n < 30; n++) ear.onCallerAudio(soft, nowMs + (n + 1) * 20)
    const windows = Array.from({ length: 10 }, (_, n) => ear.judge(3260 + n * WINDOW_MS, WINDOW_MS, true))
    expect(new Set(windows)).toEqual(new Set(['other']))
  })

  it('is told apart in what was heard of late', () => {
    const played = speechLike(4000, 9)
    const caller = at(3300, speechLike(700, 79, -16), 4000)
    const { ear } = listen(played, heardOver(played, { delayMs: 240, levelDb: -20 }, caller))
    const { ownMs, othersMs } = ear.heard(1500)
    expect(ownMs).toBeGreaterThan(300)
    expect(othersMs).toBeGreaterThan(400)
    expect(ear.heard(300).othersMs).toBeGreaterThan(200)
  })
})

describe('an ear for the echo', () => {
  it('is there for rates of whole kilohertz alone', () => {
    const encodings = ['mulaw', 'alaw', 'linear16'] as const
    for (const encoding of encodings) {
      expect(createEchoEar({ encoding, sampleRateHz: 16_000 }, () => {})).toBeDefined()
      expect(createEchoEar({ encoding, sampleRateHz: 11_025 }, () => {})).toBeUndefined()
    }
  })
})
