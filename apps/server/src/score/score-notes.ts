import type { Interval, Leak } from '@kav/core/panel'
import type { NamedEvent, RecordWords } from './record-words.ts'

export interface Scored {
  readonly caller: readonly NamedEvent[]
  readonly agent: readonly Interval[]
  readonly durationMs: number
  /** Whose voice is heard in the other's channel. */
  readonly leaks: { readonly caller: Leak | undefined; readonly agent: Leak | undefined }
  /** Those of the record, where there is one. */
  readonly words: RecordWords | undefined
}

/** Call and recording may begin and end so much apart. */
const SAME_CALL_MS = 5000

/** Nobody labelled the recording: what its figures were taken from, and what is doubtful of them. */
export function scoreNotes({ caller, agent, durationMs, leaks, words }: Scored): readonly string[] {
  return [
    ...ofVoices(caller, agent),
    ...ofLeak('agent', 'caller', leaks.agent),
    ...ofLeak('caller', 'agent', leaks.caller),
    ...(words ? ofRecord(words, caller, durationMs) : []),
    ...ofKinds(caller),
    ...(caller.some(({ noTimeToAnswer }) => noTimeToAnswer)
      ? ['the recording ends less than 2 s after the last words: a missing answer to them is not counted']
      : []),
  ]
}

function ofVoices(caller: readonly Interval[], agent: readonly Interval[]): readonly string[] {
  if (caller.length === 0) return ['no voice of a caller was found (is the caller on the other side? --swap)']
  return agent.length === 0
    ? ['no voice of an agent was found (is it on the other side? --swap): nothing was answered']
    : []
}

function ofLeak(whose: string, where: string, leak: Leak | undefined): readonly string[] {
  if (!leak) return []
  const later = leak.delayMs === 0 ? '' : ` and ${leak.delayMs} ms later`
  return [
    `the ${whose} is heard in the channel of the ${where}, ${Math.round(-leak.levelDb)} dB softer${later}: ` +
      `what is no louder there is not taken for the ${where}`,
  ]
}

function ofRecord(
  { said, durationMs }: RecordWords,
  caller: readonly NamedEvent[],
  recordedMs: number,
): readonly string[] {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
  if (durationMs !== undefined && Math.abs(durationMs - recordedMs) > SAME_CALL_MS)
    return [
      `the record is of a call of ${seconds(durationMs)}, and the recording lasts ${seconds(recordedMs)}: of another call?`,
    ]
  return said.length > 0 && caller.length > 0 && !caller.some(({ by }) => by === 'words')
    ? ['no words of the record are near the caller’s voice: is it the record of another call?']
    : []
}

function ofKinds(caller: readonly NamedEvent[]): readonly string[] {
  const bySound = caller.filter(({ by }) => by === 'sound')
  if (bySound.length === 0) return []
  const kinds = [...new Set(bySound.map(({ kind }) => kind))].map(
    (kind) => `${bySound.filter((event) => event.kind === kind).length} ${kind}`,
  )
  return [
    `derived from the sound alone, not from words: ${kinds.join(', ')} of ${caller.length} events`,
    'vocal tics and speech not to the agent cannot be told from turns by sound',
  ]
}
