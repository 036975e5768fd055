import { createFrameClock } from '../../../src/host.ts'
import { nowUs, toUs } from '../../../src/kit/index.ts'
import { type Background, createBackgroundMix } from '../../../src/pipeline/speaking/background.ts'
import { createDucking } from '../../../src/pipeline/speaking/ducking.ts'
import { createFloor } from '../../../src/pipeline/speaking/floor.ts'
import { createFrameQueue } from '../../../src/pipeline/speaking/frame-queue.ts'
import { createMuting } from '../../../src/pipeline/speaking/muting.ts'
import { createPlayoutClock } from '../../../src/pipeline/speaking/playout-clock.ts'
import type { OpenMark, TxControl } from '../../../src/pipeline/speaking/tx-control.ts'
import { createAgentVoice } from '../../../src/pipeline/speaking/agent-voice.ts'
import { createTxWorker } from '../../../src/pipeline/speaking/tx-worker.ts'
import { createFakeCall } from '../../../src/testing/index.ts'
import { frameIndexes, callerFrame } from '../call-rig.ts'
import { createManualClock } from '../manual-clock.ts'

/** The way to the caller alone: tx-queue, TX worker, and a far end that plays on the clock. */
export function createTxRig(
  options: { leadMs?: number; returnMs?: number; maxFrames?: number; background?: Background } = {},
) {
  const clock = createManualClock()
  const far = createFakeCall({ clock, returnMs: options.returnMs ?? 0 })
  const queue = createFrameQueue<TxControl>({
    maxFrames: options.maxFrames ?? 144,
    frameBytes: 160,
    clock,
    onWork: () => worker.wake(nowUs(clock)),
  })
  const playout = createPlayoutClock()
  const ducking = createDucking(far.call.format, -18)
  const muting = createMuting(far.call.format)
  const openMarks: OpenMark[] = []
  const news: ('never' | 'missing' | 'back')[] = []
  const wheel = createFrameClock(clock)
  const seat = wheel.join((error) => {
    throw error
  })
  const worker = createTxWorker({
    reader: queue.reader,
    call: far.call,
    settings: { maxFrames: 144, leadMs: options.leadMs ?? 120, sendMaxFrames: 144 },
    playout,
    agentVoice: createAgentVoice(() => undefined),
    ducking,
    muting,
    background: options.background && createBackgroundMix(options.background, far.call.format),
    openMarks,
    alarm: seat.tx,
    taps: [],
    markNews: {
      marksMissing: ({ ever }) => news.push(ever ? 'missing' : 'never'),
      marksBack: () => news.push('back'),
    },
    onFailure: (thrown) => {
      throw thrown
    },
  })
  const { writer, stats } = queue
  const floor = createFloor({ writer, stats, playout, ducking, muting, openMarks, clock })
  /** One holder, which takes the floor anew after every loss. */
  let grant = floor.take({ onLost: () => undefined })
  const line = () => (grant.lost ? (grant = floor.take({ onLost: () => undefined })) : grant)
  far.call.open({
    onMedia: () => undefined,
    onDtmf: () => undefined,
    onMark: (name) => worker.markReturned(name, nowUs(clock)),
    onHangUp: () => undefined,
  })
  if (options.background) worker.wake(nowUs(clock))
  let written = 0

  const frames = () => far.sent.flatMap((sent) => (sent.kind === 'frame' ? [sent] : []))
  return {
    clock,
    far,
    queue,
    playout,
    worker,
    /** What became known of the far end's marks. */
    news,
    floor,
    line,
    frames,
    /** Numbered frames, as many as there is room for. Returns how many. */
    write(count: number): number {
      let accepted = 0
      while (accepted < count && line().write(callerFrame(written, true)) === 'queued') {
        written++
        accepted++
      }
      return accepted
    },
    get written() {
      return written
    },
    /** The numbers of the frames on the wire, in order. */
    sentNumbers: () => frameIndexes(far.sentAudio()),
    /** Silences that the far end played between two frames, and whether a mark or `clear` came between them. */
    gaps() {
      const found: { ms: number; inside: boolean }[] = []
      let endMs: number | undefined
      let inside = true
      for (const sent of far.sent) {
        if (sent.kind !== 'frame') inside = false
        else {
          // The far end adds floating-point milliseconds: less than a microsecond is none.
          if (endMs !== undefined && toUs(sent.playsAtMs) > toUs(endMs))
            found.push({ ms: sent.playsAtMs - endMs, inside })
          endMs = sent.playsAtMs + 20
          inside = true
        }
      }
      return found
    },
  }
}
