import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AudioFormat, formatName } from '@kav/core'
import { silenceByte } from '@kav/core/host'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { asKept, createSound, recordInto, soundOf, type Tap } from './read-recording.ts'

const FORMATS: readonly AudioFormat[] = [
  { encoding: 'mulaw', sampleRateHz: 8000 },
  { encoding: 'alaw', sampleRateHz: 8000 },
  { encoding: 'mulaw', sampleRateHz: 16_000 },
  { encoding: 'linear16', sampleRateHz: 8000 },
  { encoding: 'linear16', sampleRateHz: 11_050 },
  { encoding: 'linear16', sampleRateHz: 16_000 },
  { encoding: 'linear16', sampleRateHz: 24_000 },
  { encoding: 'linear16', sampleRateHz: 44_100 },
  { encoding: 'linear16', sampleRateHz: 48_000 },
]
const CASES = FORMATS.map((format) => ({ format, name: formatName(format) }))
const keptFormat = fc.constantFrom('pcm16' as const, 'mulaw' as const)
/** A second of a higher rate takes as much longer to check. */
const numRuns = ({ sampleRateHz }: AudioFormat): number => Math.ceil(80_000 / sampleRateHz)

/** What happens on the caller's line: frames at their pace, a time without any, a network that holds them back. */
type Part = { kind: 'talk'; delaysMs: readonly number[] } | { kind: 'gap' | 'stall'; ms: number }
const parts = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('talk' as const),
        delaysMs: fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 60 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('gap' as const), ms: fc.integer({ min: 400, max: 6000 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('stall' as const), ms: fc.integer({ min: 1, max: 2500 }) }),
    },
  ),
  { minLength: 1, maxLength: 10 },
)

/** What the agent says (so many frames after so long) and when it is interrupted. */
const speech = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 3000 }),
    frames: fc.integer({ min: 1, max: 40 }),
    clearAfterMs: fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined }),
  }),
  { maxLength: 8 },
)

/** The caller's frames with the time at which each was said and the time at which it arrives. */
function callerLine(line: readonly Part[]) {
  const frames: { saidMs: number; arrivesMs: number }[] = []
  let saidMs = 0
  let heldUntilMs = 0
  const say = (delayMs: number): void => {
    const arrivesMs = Math.max(heldUntilMs, saidMs + 20 + delayMs, frames.at(-1)?.arrivesMs ?? 0)
    frames.push({ saidMs, arrivesMs })
    saidMs += 20
  }
  for (const part of line) {
    if (part.kind === 'gap') saidMs += part.ms
    else if (part.kind === 'talk') part.delaysMs.forEach(say)
    else {
      heldUntilMs = saidMs + part.ms
      // What is held back comes all at once, and what follows shows that it was late.
      while (saidMs < heldUntilMs) say(0)
    }
  }
  return frames
}

/** What a far end does with the agent's frames: plays them in a row, and forgets what is cleared. */
function agentLine(
  utterances: readonly { afterMs: number; frames: number; clearAfterMs: number | undefined }[],
  format: AudioFormat,
  kept: 'pcm16' | 'mulaw',
) {
  const sound = createSound(format)
  const silence = asKept(silenceSample(format), format, kept)[0]!
  const heard = new Int16Array(40 * format.sampleRateHz).fill(silence)
  const happenings: ((tap: Tap) => void)[] = []
  const sampleAt = (ms: number): number => Math.round((ms * format.sampleRateHz) / 1000)
  let nowMs = 0
  let playEndMs = 0
  for (const { afterMs, frames, clearAfterMs } of utterances) {
    nowMs += afterMs
    for (let i = 0; i < frames; i++) {
      const playAtMs = Math.max(nowMs, playEndMs)
      const frame = sound(format.sampleRateHz / 50)
      heard.set(asKept(frame, format, kept), sampleAt(playAtMs))
      happenings.push((tap) => lend(frame, (lent) => tap.onAgentFrame(lent, playAtMs)))
      playEndMs = playAtMs + 20
    }
    if (clearAfterMs === undefined) {
      // No frame goes out more than the greatest lead before it is played.
      nowMs = Math.max(nowMs, playEndMs - 200)
      continue
    }
    nowMs += clearAfterMs
    const cutMs = nowMs
    heard.fill(silence, sampleAt(cutMs))
    happenings.push((tap) => tap.onCleared(cutMs))
    playEndMs = cutMs
  }
  return { happenings, heard }
}

describe('a recording against what was fed', { timeout: 120_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'kav-recording-'))
  let recordings = 0
  /** A name of its own for each: one that took too long must not disturb the next. */
  const nextFile = (): string => join(dir, `call-${++recordings}.wav`)
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it.each(CASES)(
    'holds every sample of the caller once, in order and in its time: $name',
    async ({ format }) => {
      const size = format.sampleRateHz / 50
      await fc.assert(
        fc.asyncProperty(keptFormat, parts, async (kept, line) => {
          const silence = asKept(silenceSample(format), format, kept)[0]!
          const sound = createSound(format)
          const frames = callerLine(line).map((frame) => ({ ...frame, audio: sound(size) }))
          const { left, right, facts } = await recordInto(
            nextFile(),
            { callFormat: format, kept, startedAtMs: 0 },
            (tap) =>
              frames.forEach(({ audio, arrivesMs }) =>
                lend(audio, (lent) => tap.onCallerAudio(lent, arrivesMs)),
              ),
          )
          const fed = asKept(Buffer.concat(frames.map(({ audio }) => audio)), format, kept)
          expect(Buffer.from(soundOf(left, silence).buffer).equals(Buffer.from(fed.buffer))).toBe(true)
          expect(soundOf(right, silence)).toHaveLength(0)
          expect(Object.values(facts.droppedMs)).toEqual([0, 0, 0, 0])
          // Each frame starts where as many samples of sound as were fed before it have passed.
          const starts = startsOf(left, silence, size)
          for (const [index, { saidMs }] of frames.entries()) {
            const offMs = (starts[index]! * 1000) / format.sampleRateHz - saidMs
            expect(Math.abs(offMs)).toBeLessThanOrEqual(300)
          }
        }),
        { numRuns: numRuns(format) },
      )
    },
  )

  it.each(CASES)(
    'holds the agent exactly where it was heard, without what was cleared: $name',
    async ({ format }) => {
      await fc.assert(
        fc.asyncProperty(keptFormat, speech, async (kept, utterances) => {
          const { happenings, heard } = agentLine(utterances, format, kept)
          const { right, facts } = await recordInto(
            nextFile(),
            { callFormat: format, kept, startedAtMs: 0 },
            (tap) => happenings.forEach((happen) => happen(tap)),
          )
          expect(Object.values(facts.droppedMs)).toEqual([0, 0, 0, 0])
          expect(right.findIndex((sample, at) => sample !== heard[at])).toBe(-1)
          const silence = asKept(silenceSample(format), format, kept)[0]!
          expect(heard.findIndex((sample, at) => at >= right.length && sample !== silence)).toBe(-1)
        }),
        { numRuns: numRuns(format) },
      )
    },
  )

  it('counts what a line sends faster than it can be said, and keeps the rest in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...FORMATS),
        fc.array(
          fc.record({ waitMs: fc.integer({ max: 40, min: 0 }), bytes: fc.integer({ min: 0, max: 9000 }) }),
          {
            maxLength: 200,
          },
        ),
        async (format, messages) => {
          const sound = createSound(format)
          const sampleBytes = format.encoding === 'linear16' ? 2 : 1
          const stream = sound(messages.reduce((sum, { bytes }) => sum + bytes, 0))
          let nowMs = 0
          let at = 0
          const { left, facts } = await recordInto(
            nextFile(),
            { callFormat: format, startedAtMs: 0 },
            (tap) => {
              for (const { waitMs, bytes } of messages) {
                nowMs += waitMs
                lend(stream.subarray(at, at + bytes), (lent) => tap.onCallerAudio(lent, nowMs))
                at += bytes
              }
            },
          )
          const silence = asKept(silenceSample(format), format, 'pcm16')[0]!
          const kept = soundOf(left, silence)
          const fed = Math.floor(at / sampleBytes)
          const lostMs = ((fed - kept.length) * 1000) / format.sampleRateHz
          expect(Math.abs(facts.droppedMs['out_of_time']! - lostMs)).toBeLessThanOrEqual(0.5)
          const all = asKept(stream.subarray(0, fed * sampleBytes), format, 'pcm16')
          expect(isSubsequence(kept, all)).toBe(true)
          // Four seconds before it began, and what is said up to now, is all that there is room for.
          expect(left.length / format.sampleRateHz).toBeLessThanOrEqual(4 + nowMs / 1000 + 0.21)
        },
      ),
      { numRuns: 40 },
    )
  })
})

function silenceSample(format: AudioFormat): Uint8Array {
  return new Uint8Array(format.encoding === 'linear16' ? 2 : 1).fill(silenceByte(format))
}

/** Bytes are lent: they are something else once the call has returned. */
function lend(audio: Uint8Array, use: (lent: Uint8Array) => void): void {
  const lent = Uint8Array.from(audio)
  use(lent)
  lent.fill(0x2a)
}

/** Where each frame of `size` samples of sound begins. */
function startsOf(samples: Int16Array, silence: number, size: number): number[] {
  const starts: number[] = []
  let count = 0
  samples.forEach((sample, at) => {
    if (sample !== silence && count++ % size === 0) starts.push(at)
  })
  return starts
}

function isSubsequence(part: Int16Array, whole: Int16Array): boolean {
  let at = 0
  for (const sample of whole) if (at < part.length && part[at] === sample) at++
  return at === part.length
}
