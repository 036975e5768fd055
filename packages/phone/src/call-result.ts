import type { Panel } from '@kav/core/panel'
import type { ArrivalSummary } from './arrival-timing.ts'
import type { CallEnd, PhoneEvent } from './phone-event.ts'
import type { Distribution } from './percentiles.ts'
import type { Gap, MarkRecord, Playout, SpeechSegment } from './protocol/playout.ts'

export interface Violation {
  readonly text: string
  readonly firstAtMs: number
  readonly count: number
}

/** What the far end's player did and heard. */
export interface PlayoutSummary {
  readonly receivedMs: number
  readonly playedMs: number
  /** Thrown away by `clear`, and at the end of the call. */
  readonly discardedMs: number
  /** Still unheard when the call ended (part of `discardedMs`). */
  readonly cutOffMs: number
  readonly maxBufferedMs: number
  readonly underruns: { readonly count: number; readonly totalMs: number; readonly list: readonly Gap[] }
  /** Silence between utterances: after a mark or `clear`. Not a fault. */
  readonly pauses: { readonly count: number; readonly totalMs: number }
  readonly speech: readonly SpeechSegment[]
}

/** From the end of the caller's voice to the agent's answer. */
export interface Response {
  readonly clip: string
  readonly callerEndMs: number
  /** First audio of the answer; `agentAudibleMs` its first sample that can be heard. */
  readonly agentStartMs: number
  readonly agentAudibleMs?: number
  readonly responseMs: number
}

/** The caller spoke while the agent did. */
export interface Overlap {
  readonly clip: string
  readonly callerStartMs: number
  readonly agentStopMs: number
  readonly overlapMs: number
}

export interface CallResult {
  readonly callSid: string
  readonly streamSid: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly durationMs: number
  readonly endedBy: CallEnd
  readonly closeCode?: number
  /** Webhook request to answer, and WebSocket dial to open. */
  readonly setup: { readonly webhookMs: number; readonly connectMs: number; readonly firstAudioMs?: number }
  readonly sent: { readonly frames: number; readonly dtmf: number }
  readonly received: ArrivalSummary & {
    readonly messages: number
    /** Payloads that are not exactly 160 bytes. Legal, but choppy at some carriers. */
    readonly wrongSizePayloads: number
  }
  readonly playout: PlayoutSummary
  readonly marks: readonly MarkRecord[]
  readonly responses: readonly Response[]
  readonly overlaps: readonly Overlap[]
  /** How the agent took turns (docs/turn-taking.md); the kinds of the caller's sounds are derived from their times. */
  readonly panel: Panel
  readonly violations: readonly Violation[]
  /** How late the phone's own timer was (all calls of its pacer): what it measured is no better than this. */
  readonly ownLagMs: Distribution
  readonly timeline: readonly PhoneEvent[]
  /** Absent when no script ran. */
  readonly script?: ScriptOutcome
}

export type ScriptOutcome =
  | { readonly passed: true }
  | { readonly passed: false; readonly stepIndex: number; readonly step: string; readonly message: string }

export function summarizePlayout(playout: Playout, cutOffBytes: number): PlayoutSummary {
  const underruns = playout.underruns()
  const pauses = playout.gaps.filter((gap) => !underruns.includes(gap))
  const sum = (gaps: readonly Gap[]): number => gaps.reduce((total, gap) => total + gap.gapMs, 0)
  return {
    receivedMs: playout.receivedBytes / 8,
    playedMs: (playout.receivedBytes - playout.discardedBytes) / 8,
    discardedMs: playout.discardedBytes / 8,
    cutOffMs: cutOffBytes / 8,
    maxBufferedMs: playout.maxBufferedMs,
    underruns: { count: underruns.length, totalMs: sum(underruns), list: underruns },
    pauses: { count: pauses.length, totalMs: sum(pauses) },
    speech: playout.segments,
  }
}

/** Each of the caller's utterances with the first speech of the agent that began after its voice and before the next. */
export function findResponses(timeline: readonly PhoneEvent[]): Response[] {
  const responses: Response[] = []
  for (const event of timeline) {
    if (event.type !== 'caller-speech-ended') continue
    const callerEndMs = event.voicedEndMs
    const next = timeline.find((later) => later.type === 'caller-speech-started' && later.atMs >= event.atMs)
    const nextMs = next?.atMs ?? Infinity
    const between = timeline.filter((later) => later.atMs >= callerEndMs && later.atMs < nextMs)
    const start = between.find((later) => later.type === 'agent-speech-started')
    if (!start) continue
    const audible = between.find((later) => later.type === 'agent-audible' && later.atMs >= start.atMs)
    responses.push({
      clip: event.clip,
      callerEndMs,
      agentStartMs: start.atMs,
      ...(audible && { agentAudibleMs: audible.atMs }),
      responseMs: (audible ?? start).atMs - callerEndMs,
    })
  }
  return responses
}

export function findOverlaps(timeline: readonly PhoneEvent[], speech: readonly SpeechSegment[]): Overlap[] {
  const overlaps: Overlap[] = []
  for (const event of timeline) {
    if (event.type !== 'caller-speech-started') continue
    const callerStartMs = event.voicedStartMs
    const cut = speech.find((segment) => segment.startMs < callerStartMs && segment.endMs > callerStartMs)
    if (!cut) continue
    const overlapMs = cut.endMs - callerStartMs
    overlaps.push({ clip: event.clip, callerStartMs, agentStopMs: cut.endMs, overlapMs })
  }
  return overlaps
}
