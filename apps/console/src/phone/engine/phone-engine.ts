import { createAnswerTime } from './answer-time.ts'
import { createBadLine } from './bad-line.ts'
import { createCallerEncoder } from './caller-encoder.ts'
import { createEar } from './ear.ts'
import type { EngineCommand, EngineReport, EngineSend, EngineTold, FromServer } from './engine-messages.ts'
import { createSoundLevel, peakOf } from './sound-level.ts'

/**
 * The far end of one call, between a microphone, a loudspeaker and a stream of messages. It has no clock of its own:
 * its time is the audio that was played. So it says to the sample what was heard, whatever the machine is busy with.
 */
export interface PhoneEngine {
  /** One block of sound: takes what the microphone heard (`undefined`: nothing) and fills what is to be played. */
  process(heard: Float32Array | undefined, toPlay: Float32Array): void
  take(command: EngineCommand): void
}

export interface PhoneEngineOptions {
  readonly sampleRateHz: number
  /** What goes wrong on the line is the same for the same seed. */
  readonly seed: number
  readonly onTold: (told: EngineTold) => void
}

const REPORT_EVERY_MS = 100
const FRAME_MS = 20
const SILENCE = 0xff

export function createPhoneEngine({ sampleRateHz, seed, onTold }: PhoneEngineOptions): PhoneEngine {
  const answer = createAnswerTime()
  const level = createSoundLevel()
  const counts = { marksPlayed: 0, marksCleared: 0, callerFrames: 0, lostUp: 0, lostDown: 0 }
  let state: 'waiting' | 'on' | 'over' = 'waiting'
  let muted = false
  let reportedMs = 0

  const ear = createEar({ sampleRateHz, onMark, onPlayed: answer.agent })
  const up = createBadLine<EngineSend>(seed, (message) => onTold({ type: 'send', message }))
  const down = createBadLine<FromServer>(~seed, ear.receive)
  const encoder = createCallerEncoder(sampleRateHz, (audio, samples) => {
    level.add(samples)
    answer.caller(ear.nowMs, peakOf(samples))
    if (state !== 'on') return
    const timestampMs = FRAME_MS * counts.callerFrames++
    if (!up.push(ear.nowMs, { type: 'media', timestampMs, audio }, true)) counts.lostUp++
  })

  function onMark(name: string, cleared: boolean): void {
    counts[cleared ? 'marksCleared' : 'marksPlayed']++
    onTold({ type: 'mark', name, cleared })
    if (state === 'on') up.push(ear.nowMs, { type: 'mark', name }, false)
  }

  function receive(message: FromServer): void {
    if (state !== 'on') return
    if (message.type !== 'media') return void down.push(ear.nowMs, message, false)
    if (down.push(ear.nowMs, message, true)) return
    counts.lostDown++
    // What is lost is played as the silence it left, so that all after it stands where it should.
    down.push(ear.nowMs, { type: 'media', audio: message.audio.fill(SILENCE) }, false)
  }

  function tellReport(): void {
    const { waitedMs } = answer
    const report: EngineReport = {
      ...counts,
      ...ear.figures(),
      callerDb: level.takeDb(),
      ...(waitedMs !== undefined && { waitedMs }),
    }
    reportedMs = ear.nowMs
    onTold({ type: 'report', report })
  }

  const does: {
    readonly [Type in EngineCommand['type']]: (command: EngineCommand & { type: Type }) => void
  } = {
    begin: () => void (state = state === 'waiting' ? 'on' : state),
    media: receive,
    mark: receive,
    clear: receive,
    key: (key) => state === 'on' && up.push(ear.nowMs, key, false),
    mute: ({ on }) => void (muted = on),
    line: ({ settings }) => (up.set(settings), down.set(settings)),
    latency: ({ ms }) => ear.setLatency(ms),
    end() {
      if (state === 'over') return
      state = 'over'
      ear.end()
      tellReport()
    },
  }

  return {
    process(heard, toPlay) {
      encoder.push(muted || state === 'over' ? undefined : heard, toPlay.length)
      down.deliver(ear.nowMs)
      ear.fill(toPlay)
      up.deliver(ear.nowMs)
      if (state !== 'over' && ear.nowMs - reportedMs >= REPORT_EVERY_MS) tellReport()
    },
    take: (command) => (does[command.type] as (command: EngineCommand) => void)(command),
  }
}
