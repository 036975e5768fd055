import {
  type AudioFormat,
  bytesPerSecond,
  type DenoiseProvider,
  MULAW_8K,
  ProviderError,
} from '../../../src/index.ts'
import {
  createCallTelemetry,
  createFrameClock,
  denoisedProviders,
  type CallEvent,
  type CallSettings,
} from '../../../src/host.ts'
import { createArrivalTimes } from '../../../src/pipeline/arrival-times.ts'
import { createCallerAudio } from '../../../src/pipeline/hearing/caller-audio.ts'
import { createRxIntake } from '../../../src/pipeline/hearing/rx-intake.ts'
import { createRxWorker } from '../../../src/pipeline/hearing/rx-worker.ts'
import { createSharedAlarm } from '../../../src/pipeline/shared-alarm.ts'
import { createSttLink, type SttLinkEvent } from '../../../src/pipeline/hearing/stt-link.ts'
import {
  createFakeClock,
  createFakeStt,
  createTestLogger,
  createTestMetrics,
  testInstances,
  type FakeSttScript,
  type FakeSttSession,
} from '../../../src/testing/index.ts'
import { callerFrame, frameIndexes, RIG_SETTINGS } from '../call-rig.ts'

export const NETWORK = new ProviderError('network', 'the line broke')
export const AUTH = new ProviderError('auth', 'the key was refused')

/** The STT link with the chain before it, on fakes: numbered frames in, events out. */
export function createSttRig(
  options: {
    stt?: Partial<FakeSttScript>
    fallback?: Partial<FakeSttScript>
    format?: AudioFormat
    /** Stands before both. */
    denoise?: DenoiseProvider
    hasDetector?: boolean
    settings?: Partial<Pick<CallSettings, 'rxQueue' | 'stt'>>
  } = {},
) {
  const time = createFakeClock()
  const { clock } = time
  const format = options.format ?? MULAW_8K
  const stt = createFakeStt({ clock, ...options.stt })
  const fallback = options.fallback && createFakeStt({ clock, ...options.fallback })
  const log: CallEvent[] = []
  const heard: SttLinkEvent[] = []
  const host = { log: createTestLogger(), metrics: createTestMetrics(), clock }
  const instanceOf = testInstances(host)
  const hearing = denoisedProviders(
    {
      stt: [
        { name: 'fake', provider: stt.provider },
        ...(fallback ? [{ name: 'fallback', provider: fallback.provider }] : []),
      ],
      languages: new Map(),
      ...(options.denoise && { sttDenoise: { name: 'filter', provider: options.denoise } }),
    },
    host,
  )
  const telemetry = createCallTelemetry({
    ...host,
    onEvent: (event) => log.push(event),
  })
  const audio = createCallerAudio({ format, maxWaitingFrames: 200 })
  const arrivals = createArrivalTimes(bytesPerSecond(format) / 1000)
  const seat = createFrameClock(clock).join((error) => {
    throw error
  })
  const deadlines = createSharedAlarm(seat.deadline, clock)
  const worker = createRxWorker({
    reader: audio.reader,
    format,
    settings: { ...RIG_SETTINGS, ...options.settings },
    alarm: seat.rx,
    clock,
  })
  const intake = createRxIntake({
    writer: audio.writer,
    arrivals,
    worker,
    format,
    voice: undefined,
    taps: [],
    clock,
  })
  const instances = hearing.stt.map(({ name, provider }) => instanceOf('stt', name, provider))
  const link = createSttLink({
    callId: 'CA1',
    providers: instances,
    format,
    hints: [],
    memory: audio.memory,
    hasDetector: options.hasDetector ?? true,
    arrivals,
    worker,
    alarm: deadlines,
    clock,
    telemetry,
    onEvent: (event) => heard.push(event),
  })
  let frames = 0
  let voiced = false
  let closingAtMs = 0

  /** What the detector says; voice ended so long ago. */
  function detected(voice: boolean, agoMs = 0): void {
    if (voice && !voiced) link.voiceStarted(clock.nowMs())
    if (!voice && voiced) link.voiceStopped(clock.nowMs(), clock.nowMs() - agoMs)
    voiced = voice
  }

  async function frame(voice: boolean): Promise<void> {
    intake.onMedia(callerFrame(frames++, voice))
    await time.advance(20)
  }

  async function send(ms: number, voice: boolean): Promise<void> {
    detected(voice)
    for (let at = 0; at < ms; at += 20) await frame(voice)
  }

  return {
    time,
    clock,
    instanceOf,
    /** What the process knows of the providers is theirs. */
    instances,
    hostLog: host.log,
    metrics: host.metrics,
    stt,
    fallback,
    log,
    heard,
    audio,
    link,
    speak: (ms: number) => send(ms, true),
    silence: (ms: number) => send(ms, false),
    detected,
    frame,
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
      seat.leave()
      await time.settle()
      await closed
    },
    /** When the last words had come, or were waited for no longer. */
    get closingAtMs() {
      return closingAtMs
    },
    /** The call ends: what is queued is written, the last words come, everything closes. */
    async end() {
      audio.writer.close()
      worker.end()
      let isDrained = false
      const drained = link.drained().then(() => (isDrained = true))
      while (!isDrained) await time.advance(20)
      await drained
      closingAtMs = clock.nowMs()
      const closed = link.close()
      seat.leave()
      await time.advance(2500)
      await closed
    },
  }
}

export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i)

export const numbers = (session: FakeSttSession): number[] => frameIndexes(session.audio())
