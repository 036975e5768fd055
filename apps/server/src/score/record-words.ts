import { readFile } from 'node:fs/promises'
import { type Static, Type } from '@sinclair/typebox'
import { messageOf } from '@kav/core'
import { everyBackchannel, meaningfulWords } from '@kav/core/host'
import { createForeignReader } from '@kav/core/kit'
import type { CallerEvent } from '@kav/core/panel'
import { UnusableFile } from './unusable-file.ts'

const Line = Type.Object({
  atMs: Type.Number(),
  who: Type.Union([Type.Literal('caller'), Type.Literal('agent')]),
  text: Type.String(),
})
const Event = Type.Object({
  event: Type.String(),
  atMs: Type.Number(),
  fields: Type.Optional(Type.Object({ by: Type.Optional(Type.Unknown()) })),
})
const readRecord = createForeignReader(
  Type.Object({
    transcript: Type.Optional(Type.Array(Line)),
    events: Type.Optional(Type.Array(Event)),
    durationMs: Type.Optional(Type.Number()),
  }),
)

/** What a call's record tells of the caller's words; times are ms since the call began. */
export interface RecordWords {
  readonly said: readonly Static<typeof Line>[]
  /** When the agent gave way to the caller for good. */
  readonly interruptedMs: readonly number[]
  /** How long the call was. */
  readonly durationMs?: number
}

/** The words come so long after the voice at the latest: the end of the turn, and a slow recogniser. */
const WORDS_LATE_MS = 5000

/** Reads the JSON record that Kav keeps of a call. Throws `UnusableFile` for what is none, or holds no transcript. */
export async function readRecordWords(file: string): Promise<RecordWords> {
  let json: unknown
  try {
    json = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new UnusableFile(file, `cannot be read as JSON: ${messageOf(error)}`, { cause: error })
  }
  const record = readRecord(json)
  if (!record.ok) throw new UnusableFile(file, `not the record of a call: ${record.why}`)
  const { transcript, events, durationMs } = record.value
  if (transcript === undefined)
    throw new UnusableFile(
      file,
      'no transcript in it (record.transcript is off, or it is no record of a call)',
    )
  return {
    said: transcript.filter(({ who }) => who === 'caller'),
    interruptedMs: gaveWayMs(events ?? []),
    ...(durationMs !== undefined && { durationMs }),
  }
}

/** An operator who stops the agent is nobody it gave way to. */
export function gaveWayMs(events: readonly Static<typeof Event>[]): number[] {
  return events
    .filter(({ event, fields }) => event === 'interrupted' && fields?.by !== 'operator')
    .map(({ atMs }) => atMs)
}

/** An event, and who says what kind it is. */
export interface NamedEvent extends CallerEvent {
  readonly by: 'words' | 'sound'
}

/**
 * The kinds of what began over the agent's voice, by what was said: a listener's words alone are a backchannel, however
 * long, other words an interruption, however short. Without words, an agent that gave way took it for one. What else
 * there is keeps the kind that it has by its sound; in silence, words are a turn.
 */
export function nameByWords(events: readonly CallerEvent[], words: RecordWords): readonly NamedEvent[] {
  const backchannels = everyBackchannel()
  const owner = (atMs: number): CallerEvent | undefined => {
    const last = events.findLast(({ startMs }) => startMs <= atMs)
    return last && atMs - last.endMs <= WORDS_LATE_MS ? last : undefined
  }
  return events.map((event) => {
    const said = words.said.filter(({ atMs }) => owner(atMs) === event)
    const gaveWay = words.interruptedMs.some((atMs) => owner(atMs) === event)
    if (said.length === 0 && !gaveWay) return { ...event, by: 'sound' }
    if (event.kind === 'turn') return { ...event, by: 'words' }
    const meant = said.length === 0 || said.some(({ text }) => meaningfulWords(text, backchannels) > 0)
    return { ...event, kind: meant ? 'interruption' : 'backchannel', by: 'words' }
  })
}
