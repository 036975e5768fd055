import { asProviderError } from '../../contracts/errors.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { createGate } from '../../kit/gate.ts'
import type { AgentEntry } from './history.ts'
import { type SpeechParts, speakClause } from './speech.ts'
import { type StreamedSpeech, startStreamedSpeech } from './streamed-speech.ts'
import { type AgentUtterance, createUtterance } from './utterance.ts'
import type { VoiceStream } from './voice-source.ts'

export interface ReplyVoiceParts extends SpeechParts {
  /** Where the history keeps what it says. */
  readonly entry: Pick<AgentEntry, 'speaks'>
  readonly telemetry: CallTelemetry
  /** The text of a clause without what cannot be spoken; empty when nothing is left. */
  readonly speakable: (text: string) => string
  /** Spoken in place of a clause that cannot be synthesised. Empty: nothing is. */
  readonly fallbackLine: string
}

export interface ReplyVoiceHandlers {
  onFirstAudio?(): void
  /** The first frame since the start or the last resume goes out on the wire. */
  onFirstFrame?(): void
}

/**
 * The voice of one reply: speaks clauses one after the other in the order they were given, can be kept back, paused
 * and resumed from where the caller last heard it. A voice that can is given what the model writes as one stream.
 */
export interface ReplyVoice {
  /** `fixed`: a text of the configuration, the same on every call. `round`: of the reply that wrote it. */
  say(clause: string, fixed?: boolean, round?: number): void
  /** No more clauses will come. */
  end(): void
  /** Resolves when every clause given so far is in the tx-queue, or never will be. Ends the voice's stream. */
  queued(): Promise<void>
  /** Lets a reply that was prepared, or held back, be heard. */
  release(): void
  /** Keeps back what has not begun to be heard. */
  hold(): void
  /** The line was interrupted: the caller had heard up to this position. Returns all they heard of the reply. */
  pause(heardMs: number, sentMs: number): string
  resume(): void
  cancel(): void
  /** Resolves with `heard` when all was heard, `silent` when nothing could be spoken, `cancelled`. */
  readonly done: Promise<'heard' | 'silent' | 'cancelled'>
}

/** A clause that is not yet given to the voice. */
interface WaitingClause {
  readonly text: string
  readonly fixed: boolean
  readonly round: number
}

export function createReplyVoice(
  turn: number,
  parts: ReplyVoiceParts,
  handlers: ReplyVoiceHandlers,
  endMark = `reply_end_${turn}`,
): ReplyVoice {
  const { line, telemetry, entry } = parts
  /** Written and not yet given to the voice. */
  const waiting: WaitingClause[] = []
  let ended = false
  let over = false
  let abort = new AbortController()
  let speaking = false
  let utterance = createUtterance()
  /** Heard of the reply before its last resume. */
  let heardBefore = ''
  let remembered = false
  let gate = createGate()
  let spoke = false
  let clauses = 0
  let streamed: StreamedSpeech | undefined
  /** A stream failed: the rest of this reply is spoken clause by clause. */
  let streamFailed = false
  /** Told when nothing is waiting to be spoken. */
  const onQueued: (() => void)[] = []
  let finish: (outcome: 'heard' | 'silent' | 'cancelled') => void = () => undefined
  const done = new Promise<'heard' | 'silent' | 'cancelled'>((resolve) => {
    finish = (outcome) => {
      over = true
      tellQueued()
      resolve(outcome)
    }
  })

  function tellQueued(): void {
    for (const tell of onQueued.splice(0)) tell()
  }

  function run(): void {
    if (speaking || over || abort.signal.aborted) return
    speaking = true
    const { signal } = abort
    speakWaiting(signal).then(
      () => {
        if (signal.aborted) return
        speaking = false
        // A clause may have come while the last one was being settled.
        if (waiting.length > 0) run()
        else tellQueued()
      },
      (error: unknown) => {
        telemetry.stageFailed('reply voice', error)
        finish('silent')
      },
    )
  }

  async function speakWaiting(signal: AbortSignal): Promise<void> {
    let firstFrame = true
    const onFirstFrame = (): void => {
      if (firstFrame && !signal.aborted) handlers.onFirstFrame?.()
      firstFrame = false
    }
    for (let clause = waiting.shift(); clause !== undefined; clause = waiting.shift()) {
      const stream = clause.fixed || streamFailed ? undefined : parts.voice.stream()
      if (stream) await speakStream(stream, clause, signal, onFirstFrame)
      else await speakOne(clause, signal, onFirstFrame)
      if (signal.aborted) return
    }
    if (!ended) return
    if (!spoke) return finish('silent')
    const outcome = await line.mark(endMark)
    if (outcome === 'played') finish('heard')
  }

  async function speakOne(
    clause: WaitingClause,
    signal: AbortSignal,
    onFirstFrame: () => void,
  ): Promise<void> {
    const target = utterance
    const done = await speakWithRetry(clause, target, signal, onFirstFrame)
    if (signal.aborted) return
    if (!done && parts.fallbackLine !== '' && clause.text !== parts.fallbackLine) {
      await speakWithRetry({ ...clause, text: parts.fallbackLine, fixed: true }, target, signal, onFirstFrame)
    }
    if (!signal.aborted && spoke) void line.mark(`clause_${turn}_${++clauses}`)
  }

  /** From this clause to the end of the text, a text of the configuration, or a change of voice. */
  async function speakStream(
    voice: VoiceStream,
    first: WaitingClause,
    signal: AbortSignal,
    onFirstFrame: () => void,
  ): Promise<void> {
    const { round } = first
    const fits = (next?: WaitingClause): boolean => next?.fixed === false && next.round === round
    const supply = {
      take: () => (voice.current && fits(waiting[0]) ? waiting.shift()!.text : undefined),
      get complete() {
        return ended || onQueued.length > 0 || !voice.current || !waiting.every(fits)
      },
    }
    const onFirstAudio = (): void => {
      spoke = true
      handlers.onFirstAudio?.()
    }
    const options = {
      turn,
      first: first.text,
      round,
      supply,
      utterance,
      signal,
      released,
      onFirstAudio,
      onFirstFrame,
    }
    streamed = startStreamedSpeech(voice, parts, options)
    const { taken, done } = streamed
    const outcome = await done
    if (signal.aborted || outcome === 'spoken') return
    streamFailed = true
    if (outcome === 'unspoken') waiting.unshift(...taken.map((text) => ({ text, fixed: false, round })))
    // Which words are missing, nobody knows.
    else if (parts.fallbackLine !== '') waiting.unshift({ text: parts.fallbackLine, fixed: true, round })
  }

  async function released(): Promise<void> {
    while (!gate.released && !over) await gate.open
  }

  /** A prepared reply leaves no trace in the history until it may be heard. */
  function remember(): void {
    if (remembered) return
    remembered = true
    entry.speaks(utterance)
  }

  /** A clause that fails is tried once more if nothing of it was queued yet. */
  async function speakWithRetry(
    { text, fixed, round }: WaitingClause,
    target: AgentUtterance,
    signal: AbortSignal,
    onFirstFrame: () => void,
  ): Promise<boolean> {
    for (let attempt = 0; attempt < 2; attempt++) {
      let begun = false
      const onFirstAudio = (): void => {
        begun = true
        spoke = true
        handlers.onFirstAudio?.()
        void released().then(() => over || telemetry.agentSaid(turn, text))
      }
      try {
        await speakClause(text, parts, {
          round,
          utterance: target,
          signal,
          fixed,
          released,
          onFirstAudio,
          onFirstFrame,
        })
        return true
      } catch (thrown) {
        if (signal.aborted) return false
        telemetry.ttsFailed(turn, asProviderError(thrown, 'tts'))
        if (begun) return false
      }
    }
    return false
  }

  return {
    say(text, fixed = false, round = 0) {
      const speakable = parts.speakable(text)
      if (speakable !== '') waiting.push({ text: speakable, fixed, round })
      streamed?.more()
      run()
    },
    end() {
      ended = true
      streamed?.more()
      run()
    },
    queued() {
      if (over || (!speaking && waiting.length === 0)) return Promise.resolve()
      return new Promise((resolve) => {
        onQueued.push(resolve)
        streamed?.more()
      })
    },
    release() {
      remember()
      gate.release()
    },
    hold() {
      if (gate.released) gate = createGate()
    },
    pause(heardMs, sentMs) {
      abort.abort()
      speaking = false
      utterance.cut(heardMs, sentMs)
      waiting.unshift(...utterance.rest.map((rest) => ({ ...rest, fixed: false })))
      heardBefore = [heardBefore, utterance.heard].filter(Boolean).join(' ')
      return heardBefore
    },
    resume() {
      utterance = createUtterance()
      remembered = false
      remember()
      abort = new AbortController()
      run()
    },
    cancel() {
      abort.abort()
      finish('cancelled')
      gate.release()
    },
    done,
  }
}
