import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import type { SttSessionOptions } from '../../contracts/stt.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { SttSink } from './rx-worker.ts'
import type { CallerAudioMemory } from './caller-audio.ts'
import { recognizeUtterance } from './recognize-utterance.ts'
import type { NamedStt } from './stt-routes.ts'

/**
 * Hears for the call while no session will open: the VAD cuts utterances, each goes to `recognize()` in one request,
 * off the media path and one at a time, so that texts come in the order they were spoken.
 */
export interface UtteranceRecognizer {
  /** Whether any provider has `recognize`. */
  possible(): boolean
  /** Takes the audio; it stays in the ring until its words are known. */
  readonly sink: SttSink
  /** `unansweredVoice`: voice was heard before this began, and is among what the RX worker will now bring. */
  start(state: { voiceActive: boolean; unansweredVoice: boolean }): void
  stop(): void
  voiceStarted(): void
  voiceStopped(): void
  /** Whether there are words in the audio since `position`; `undefined` where no provider can tell. */
  wordsSince(position: number): Promise<boolean> | undefined
  /** Resolves when no request is running. */
  idle(): Promise<void>
}

/** Audio taken along from before the VAD's onset. */
const PREROLL_MS = 400
/** At the start the audio lags behind the VAD: the RX worker first has to bring it. */
const BACKLOG_MS = 1500

export interface UtteranceRecognizerParts {
  readonly providers: () => readonly NamedStt[]
  readonly format: AudioFormat
  readonly options: () => Omit<SttSessionOptions, 'region' | 'format'>
  readonly memory: CallerAudioMemory
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  readonly onText: (text: string, endPosition: number) => void
}

export function createUtteranceRecognizer(parts: UtteranceRecognizerParts): UtteranceRecognizer {
  const { memory, clock } = parts
  const prerollBytes = (bytesPerSecond(parts.format) * PREROLL_MS) / 1000
  const able = (): readonly NamedStt[] => parts.providers().filter(({ provider }) => provider.recognize)
  let active = false
  /** Goes up with every session that takes over: what was asked before that counts no more. */
  let era = 0
  let startPosition: number | undefined
  let backlogUntilMs = 0
  let cancelCut: (() => void) | undefined
  let chain = Promise.resolve()

  const recognize = (from: number, to: number): Promise<string | undefined> =>
    recognizeUtterance({
      ...parts,
      options: parts.options(),
      providers: able(),
      audio: memory.slice(from, to),
    })

  /** A session may have heard it meanwhile, although none hears now. */
  async function tell(from: number, to: number, since: number): Promise<void> {
    if (since !== era) return
    const text = await recognize(from, to)
    if (since === era && text !== undefined && text.trim() !== '') parts.onText(text, to)
  }

  function cut(): void {
    if (!active || startPosition === undefined) return
    const from = startPosition
    const to = memory.end
    startPosition = undefined
    const since = era
    if (to > from) chain = chain.then(() => tell(from, to, since))
  }

  function cutAfterBacklog(): void {
    keepOpen()
    if (active) cancelCut = clock.after(backlogUntilMs - clock.nowMs(), cut)
  }

  function keepOpen(): void {
    cancelCut?.()
    cancelCut = undefined
  }

  return {
    possible() {
      return able().length > 0
    },
    sink: { write: () => undefined, finish: () => undefined },
    start({ voiceActive, unansweredVoice }) {
      active = true
      chain = Promise.resolve()
      backlogUntilMs = clock.nowMs() + BACKLOG_MS
      startPosition = voiceActive || unansweredVoice ? memory.acknowledged : undefined
      if (unansweredVoice && !voiceActive) cutAfterBacklog()
    },
    stop() {
      active = false
      era++
      startPosition = undefined
      keepOpen()
    },
    voiceStarted() {
      if (!active) return
      keepOpen()
      startPosition ??= Math.max(memory.acknowledged, memory.end - prerollBytes)
    },
    voiceStopped() {
      if (clock.nowMs() < backlogUntilMs) cutAfterBacklog()
      else cut()
    },
    wordsSince(position) {
      if (able().length === 0) return undefined
      return recognize(position, memory.end).then((text) => text !== undefined && text.trim() !== '')
    },
    idle: () => chain,
  }
}
