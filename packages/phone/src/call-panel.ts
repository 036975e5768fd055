import { type CallerEvent, deriveEvents, type Interval, type Panel, scorePanel } from '@kav/core/panel'
import type { ClipMeaning } from './clip.ts'
import type { PhoneEvent } from './phone-event.ts'
import type { SpeechSegment } from './protocol/playout.ts'

interface PlayedClip extends Interval {
  readonly meant: ClipMeaning | undefined
}

/**
 * How the agent took turns on one call: the voice of the caller's clips beside the agent's audio as the far end played
 * it, from its first sample that can be heard. What a clip was is derived from its length and place where it does not
 * say.
 */
export function panelOfCall(
  timeline: readonly PhoneEvent[],
  speech: readonly SpeechSegment[],
  durationMs: number,
): Panel {
  const agent = speech.flatMap((segment) => audible(segment, timeline))
  const clips = playedClips(timeline, durationMs)
  // What asks for no answer is no part of the words beside it.
  const ignored = clips.flatMap(({ startMs, endMs, meant }): CallerEvent[] =>
    meant === 'vocal-tic' || meant === 'not-to-agent' ? [{ startMs, endMs, kind: meant }] : [],
  )
  const spoken = clips.filter(({ meant }) => meant !== 'vocal-tic' && meant !== 'not-to-agent')
  const derived = deriveEvents(spoken, agent, durationMs).map((event) => withMeaning(event, spoken))
  return scorePanel({ caller: [...derived, ...ignored], agent, durationMs })
}

/** Over the agent's voice the meaning decides; in silence all that is said is a turn. */
function withMeaning(event: CallerEvent, clips: readonly PlayedClip[]): CallerEvent {
  if (event.kind === 'turn') return event
  const meanings = clips
    .filter(({ startMs, endMs }) => event.startMs <= startMs && endMs <= event.endMs)
    .map(({ meant }) => meant)
  if (meanings.includes('words')) return { ...event, kind: 'interruption' }
  return meanings.every((meant) => meant === 'backchannel') ? { ...event, kind: 'backchannel' } : event
}

function audible({ startMs, endMs }: SpeechSegment, timeline: readonly PhoneEvent[]): Interval[] {
  const first = timeline.find(({ type, atMs }) => type === 'agent-audible' && startMs <= atMs && atMs < endMs)
  return first ? [{ startMs: first.atMs, endMs }] : []
}

/** A clip that the end of the call cut off lasted until then. */
function playedClips(timeline: readonly PhoneEvent[], durationMs: number): PlayedClip[] {
  return timeline.flatMap((event, at) => {
    if (event.type !== 'caller-speech-started') return []
    const ended = timeline.slice(at).find(({ type }) => type === 'caller-speech-ended')
    const endMs = ended?.type === 'caller-speech-ended' ? ended.voicedEndMs : durationMs
    const { voicedStartMs: startMs, meant } = event
    return startMs < endMs ? [{ startMs, endMs, meant }] : []
  })
}
