import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MULAW_8K } from '../../../src/index.ts'
import { createFrameClock } from '../../../src/host.ts'
import { createArrivalTimes } from '../../../src/pipeline/arrival-times.ts'
import { createCallerAudio } from '../../../src/pipeline/hearing/caller-audio.ts'
import { createRxIntake } from '../../../src/pipeline/hearing/rx-intake.ts'
import { createRxWorker } from '../../../src/pipeline/hearing/rx-worker.ts'
import { callerFrame, frameIndexes, RIG_SETTINGS } from '../call-rig.ts'
import { createManualClock } from '../manual-clock.ts'

/** The way from the caller to STT alone: intake, rx-queue, RX worker, and a sink that comes when the test says. */
function createRxRig(
  options: { batchMs?: number; catchupRate?: number; resyncMs?: number; maxFrames?: number } = {},
) {
  const clock = createManualClock()
  const audio = createCallerAudio({ format: MULAW_8K, maxWaitingFrames: options.maxFrames ?? 200 })
  const seat = createFrameClock(clock).join((error) => {
    throw error
  })
  const worker = createRxWorker({
    reader: audio.reader,
    format: MULAW_8K,
    settings: {
      rxQueue: {
        maxFrames: 200,
        catchupRate: options.catchupRate ?? 4,
        resyncMs: options.resyncMs ?? 40,
      },
      stt: { ...RIG_SETTINGS.stt, batchMs: options.batchMs ?? 40 },
    },
    alarm: seat.rx,
    clock,
  })
  const { writer } = audio
  const intake = createRxIntake({
    writer,
    arrivals: createArrivalTimes(8),
    worker,
    format: MULAW_8K,
    voice: undefined,
    taps: [],
    clock,
  })
  let sent = 0
  return {
    clock,
    audio,
    intake,
    worker,
    /** Opens a new sink; what it gets is recorded. */
    ready() {
      const writes: { atMs: number; bytes: Buffer }[] = []
      let finished = 0
      audio.memory.recogniserOpened()
      worker.attach({
        write: (audio) => void writes.push({ atMs: clock.nowMs(), bytes: Buffer.from(audio) }),
        finish: () => void finished++,
      })
      return {
        writes,
        audio: () => Buffer.concat(writes.map((write) => write.bytes)),
        bytes: () => writes.reduce((sum, write) => sum + write.bytes.length, 0),
        finished: () => finished,
      }
    },
    /** The call ends. */
    end(): void {
      audio.writer.close()
      worker.end()
    },
    /** The caller's frames, numbered, one every 20 ms. */
    speak(ms: number): void {
      for (let at = 0; at < ms; at += 20) {
        intake.onMedia(callerFrame(sent++, true))
        clock.step(20)
      }
    },
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe('first words', () => {
  it.each(Array.from({ length: 14 }, (_, i) => i * 300))(
    'all reach an STT that opens %i ms late, in order, and the backlog is gone soon after',
    (lateMs) => {
      const rig = createRxRig()
      rig.speak(lateMs)
      const stt = rig.ready()
      // Behind by `lateMs`, and gaining at three times real time.
      rig.speak(Math.ceil(lateMs / 3 / 20) * 20 + 200)
      expect(rig.audio.stats.waitingFrames).toBeLessThan(4)
      rig.speak(1000)
      rig.clock.step(100)
      expect(frameIndexes(stt.audio())).toEqual(upTo(rig.intake.counters.frames))
      expect(rig.audio.stats.droppedFrames).toBe(0)
    },
  )

  it('lose the oldest only beyond the queue’s four seconds, and each loss is counted', () => {
    const rig = createRxRig()
    rig.speak(5000)
    const stt = rig.ready()
    rig.clock.step(5)
    rig.speak(3000)
    rig.clock.step(100)
    expect(rig.audio.stats.droppedFrames).toBe(50)
    expect(frameIndexes(stt.audio())).toEqual(upTo(400).slice(50))
  })

  it.each([1, 2, 4, 10])('go out at %i times real time at most', (catchupRate) => {
    const rig = createRxRig({ catchupRate })
    rig.speak(3900)
    const stt = rig.ready()
    const openedMs = rig.clock.nowMs()
    rig.speak(4000)
    for (const [i, { atMs }] of stt.writes.entries()) {
      const writtenMs = (i + 1) * 40
      // One piece at once, and RESYNC_MS of credit.
      expect(writtenMs).toBeLessThanOrEqual((atMs - openedMs + 40) * catchupRate + 40)
    }
  })
})

describe('a recogniser that gives away what it was lent', () => {
  it('costs the process nothing, and loses no audio', () => {
    const rig = createRxRig()
    let bytes = 0
    rig.audio.memory.recogniserOpened()
    rig.worker.attach({
      write(audio) {
        bytes += audio.length
        // To a thread of its own, as `postMessage` does.
        structuredClone(audio, { transfer: [audio.buffer as ArrayBuffer] })
      },
      finish: () => undefined,
    })
    rig.speak(1000)
    rig.clock.step(100)
    expect(bytes).toBe(8000)
  })
})

describe('the pace to STT', () => {
  it.each([20, 40, 100])('hands a frame on within its batch of %i ms and a tick', (batchMs) => {
    const rig = createRxRig({ batchMs })
    const stt = rig.ready()
    for (let i = 0; i < 200; i++) {
      rig.speak(20)
      expect(i * 160 - stt.bytes()).toBeLessThan((batchMs + 5) * 8)
    }
    expect(stt.writes.every((write) => write.bytes.length === batchMs * 8)).toBe(true)
  })

  it('loses and reorders nothing, whatever the arrival, and is soon on time again', () => {
    const arrival = fc.record({
      bytes: fc.integer({ min: 1, max: 700 }),
      gapMs: fc.integer({ min: 0, max: 120 }),
    })
    const patterns = fc.array(
      fc.oneof(arrival, fc.record({ bytes: fc.constant(160), gapMs: fc.constant(0) })),
      {
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(patterns, fc.constantFrom(20, 40, 60), (pattern, batchMs) => {
        const rig = createRxRig({ batchMs })
        const stt = rig.ready()
        const given: Buffer[] = []
        let value = 0
        for (const { bytes, gapMs } of pattern) {
          const audio = Buffer.from(Array.from({ length: bytes }, () => value++ & 0xff))
          given.push(Buffer.from(audio))
          rig.intake.onMedia(audio)
          audio.fill(0x2a)
          rig.clock.step(gapMs)
        }
        rig.clock.step(3000)
        expect(stt.audio().equals(Buffer.concat(given))).toBe(true)
        const before = stt.bytes()
        rig.speak(400)
        expect(3200 - (stt.bytes() - before)).toBeLessThan((batchMs + 25) * 8)
        expect(rig.audio.stats.droppedFrames).toBe(0)
      }),
      { numRuns: 100 },
    )
  })

  it('saves up no credit in a gap: a burst after it goes out at the catch-up rate', () => {
    const rig = createRxRig()
    const stt = rig.ready()
    rig.speak(1000)
    rig.clock.step(5000)
    const before = stt.bytes()
    for (let i = 0; i < 100; i++) rig.intake.onMedia(callerFrame(i, true))
    rig.clock.step(5)
    // 40 ms of credit at four times real time, and the piece that used it up.
    expect((stt.bytes() - before) / 8).toBeLessThanOrEqual(40 * 4 + 40 + 20)
    rig.clock.step(200)
    expect((stt.bytes() - before) / 8).toBeLessThanOrEqual((40 + 205) * 4 + 40)
    rig.clock.step(400)
    expect((stt.bytes() - before) / 8).toBe(2000)
  })

  it('does not keep the last odd frame of a pause waiting for its batch to fill', () => {
    const rig = createRxRig({ batchMs: 100 })
    const stt = rig.ready()
    rig.intake.onMedia(callerFrame(7, true))
    rig.clock.step(90)
    expect(stt.writes).toHaveLength(0)
    rig.clock.step(20)
    expect(frameIndexes(stt.audio())).toEqual([7])
  })
})

describe('the end of a call', () => {
  it('writes everything before finish, and finishes once', () => {
    const rig = createRxRig()
    rig.speak(1500)
    const stt = rig.ready()
    rig.intake.onMedia(Buffer.alloc(50, 1))
    rig.end()
    rig.clock.step(5)
    expect(stt.finished()).toBe(0)
    rig.clock.step(2000)
    expect(stt.bytes()).toBe(75 * 160 + 50)
    expect(stt.finished()).toBe(1)
  })

  it('repeats for a successor that came after the end, and finishes that too', () => {
    const rig = createRxRig()
    const first = rig.ready()
    rig.speak(1000)
    rig.end()
    rig.clock.step(100)
    expect(first.finished()).toBe(1)
    rig.audio.memory.acknowledge(4000)
    rig.audio.memory.replay()
    const second = rig.ready()
    rig.clock.step(2000)
    expect(second.audio().equals(first.audio().subarray(4000))).toBe(true)
    expect(second.finished()).toBe(1)
    expect(first.finished()).toBe(1)
  })
})

describe('intake', () => {
  it('cuts long messages into frames and counts duration by length', () => {
    const rig = createRxRig()
    rig.intake.onMedia(Buffer.alloc(400, 1))
    expect(rig.audio.stats.waitingFrames).toBe(3)
    expect(rig.intake.counters.frames).toBe(2.5)
    const stt = rig.ready()
    rig.clock.step(200)
    expect(stt.bytes()).toBe(400)
  })
})
