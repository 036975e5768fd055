import { MULAW_8K, ProviderError, type AudioFormat } from '../../../src/index.ts'
import { createCallTelemetry, createFrameClock, type CallEvent } from '../../../src/host.ts'
import { createAudioHistory } from '../../../src/pipeline/hearing/audio-history.ts'
import { createFrameQueue } from '../../../src/pipeline/speaking/frame-queue.ts'
import { createRxIntake } from '../../../src/pipeline/hearing/rx-intake.ts'
import { createRxWorker } from '../../../src/pipeline/hearing/rx-worker.ts'
import { createSttLink, type SttLinkEvent } from '../../../src/pipeline/hearing/stt-link.ts'
import {
  createFakeClock,
  createFakeStt,
  createTestLogger,
  createTestMetrics,
  type FakeSttScript,
  type FakeSttSession,
} from '../../../src/testing/index.ts'
import { callerFrame, frameIndexes, RIG_SETTINGS } from '../call-rig.ts'

export const NETWORK = new ProviderError('network', 'the line broke')
export const AUTH = new ProviderError('auth', 'the key was refused')

/** The STT link with the chain before it, on fakes: numbered frames in, events out. */
export function createSttRig(
  options: { stt?: Partial<FakeSttScript>; fallback?: Partial<FakeSttScript>; format?: AudioFormat } = {},
) {
  const time = createFakeClock()
  const { clock } = time
  const format = options.format ?? MULAW_8K
  const stt = createFakeStt({ clock, ...options.stt })
  const fallback = options.fallback && createFakeStt({ clock, ...options.fallback })
  const log: CallEvent[] = []
  const heard: SttLinkEvent[] = []
  const telemetry = createCallTelemetry({
    log: createTestLogger(),
    metrics: createTestMetrics(),
    clock,
    onEvent: (event) => log.push(event),
  })
  const queue = createFrameQueue<never>({ maxFrames: 200, frameBytes: 160, overflow: 'drop-oldest', clock })
  const history = createAudioHistory({ pieceBytes: 8000, maxBytes: 240_000 })
  const intake = createRxIntake({ writer: queue.writer, format, voice: undefined, taps: [], clock })
  const link = createSttLink({
    callId: 'CA1',
    providers: [
      { plugin: 'fake', provider: stt.provider },
      ...(fallback ? [{ plugin: 'fallback', provider: fallback.provider }] : []),
    ],
    format,
    hints: [],
    history,
    clock,
    telemetry,
    onEvent: (event) => heard.push(event),
  })
  const worker = createRxWorker({
    reader: queue.reader,
    history,
    sink: () => link.sink,
    format,
    settings: RIG_SETTINGS,
    clock,
  })
  const leave = createFrameClock(clock).join({
    onTick: (nowMs) => worker.onTick(nowMs),
    onFrame: (nowMs) => link.onFrame(nowMs),
    onError: (error) => {
      throw error
    },
  })
  let frames = 0
  let voiced = false

  async function send(ms: number, voice: boolean): Promise<void> {
    if (voice && !voiced) link.voiceStarted(clock.nowMs())
    if (!voice && voiced) link.voiceStopped(clock.nowMs())
    voiced = voice
    for (let at = 0; at < ms; at += 20) {
      intake.onMedia(callerFrame(frames++, voice))
      await time.advance(20)
    }
  }

  return {
    time,
    clock,
    stt,
    fallback,
    log,
    heard,
    history,
    link,
    queue,
    speak: (ms: number) => send(ms, true),
    silence: (ms: number) => send(ms, false),
    get frames() {
      return frames
    },
    of: (name: string) => log.filter((event) => event.event === name),
    texts: () => heard.flatMap((event) => (event.type === 'final' ? [event.text] : [])),
    /** The last session that opened. */
    live: () => stt.sessions.at(-1)!,
    /** Everything is given up at this moment. */
    async close() {
      const closed = link.close()
      leave()
      await time.settle()
      await closed
    },
    /** The call ends: what is queued is written, the last words come, everything closes. */
    async end() {
      queue.writer.end()
      await time.advance(2500)
      const closed = link.close()
      leave()
      await time.advance(2500)
      await closed
    },
  }
}

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i)

export const numbers = (session: FakeSttSession): number[] => frameIndexes(session.audio())
