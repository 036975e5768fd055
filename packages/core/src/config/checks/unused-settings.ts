import { fillerLinesFor } from '../../language/filler-lines.ts'
import type { Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { locate, type SourceNode } from '../source/source-tree.ts'
import { listOf, mapOf } from '../source/value-shapes.ts'

/** Fields of one map that do nothing as long as another field stands as it does. */
interface Unused {
  readonly map: Path
  readonly fields: readonly string[]
  readonly when: (pipeline: Pipeline) => boolean
  /** What the other field says, and what to do. */
  readonly why: string
}

/** The file with the defaults of its schema, as the rules below ask it. */
interface Pipeline {
  text(...path: Path): string | undefined
  value(...path: Path): unknown
}

const IDLE: Path = ['conversation', 'idle']
const TURNS: Path = ['conversation', 'turns']
const BARGE_IN: Path = ['conversation', 'barge_in']
const FILLER: Path = ['conversation', 'filler']
const TOOL_FILLER: Path = ['tools', 'filler']
const BY_REALTIME = '"realtime" is one model that decides this by itself; leave it out'
const WAITS = ['patience_ms', 'sure_wait_ms', 'unfinished_wait_ms', 'number_wait_ms']

const RULES: readonly Unused[] = [
  {
    map: ['conversation'],
    fields: [
      ...['filler', 'pronunciation', 'spoken_urls', 'spoken_form', 'max_reply_chars'],
      ...['history_max_tokens', 'first_token_timeout_ms', 'first_audio_timeout_ms'],
    ],
    when: isRealtime,
    why: BY_REALTIME,
  },
  {
    map: ['conversation'],
    fields: ['turns'],
    // An error says it of `stt`.
    when: (pipeline) => isRealtime(pipeline) && pipeline.text(...TURNS, 'by') !== 'stt',
    why: BY_REALTIME,
  },
  { map: IDLE, fields: ['hold_ms', 'by_question'], when: isRealtime, why: BY_REALTIME },
  { map: ['tools'], fields: ['filler'], when: isRealtime, why: BY_REALTIME },
  {
    map: IDLE,
    fields: ['prompts', 'farewell', 'hold_ms', 'by_question'],
    when: (pipeline) => pipeline.value(...IDLE, 'after_ms') === 0,
    why: 'conversation.idle.after_ms is 0, so nobody is asked again; set it, as to 8000',
  },
  {
    map: IDLE,
    fields: ['hold_ms'],
    when: holdsNoLonger,
    why: 'it is no longer than conversation.idle.after_ms, which holds for whoever asked for a moment, too',
  },
  {
    map: TOOL_FILLER,
    fields: ['texts'],
    when: (pipeline) => pipeline.value(...TOOL_FILLER, 'after_ms') === 0,
    why: 'tools.filler.after_ms is 0, so none is said; set it, as to 1200',
  },
  {
    map: TOOL_FILLER,
    fields: ['after_ms'],
    when: (pipeline) =>
      pipeline.value(...TOOL_FILLER, 'after_ms') !== 0 &&
      isEmptyList(pipeline.value(...TOOL_FILLER, 'texts')),
    why: 'tools.filler.texts is empty, so there is nothing to say',
  },
  {
    map: TURNS,
    fields: ['adaptive', ...WAITS],
    when: (pipeline) => pipeline.text(...TURNS, 'by') === 'vad',
    why: 'conversation.turns.by is vad, so silence of TIMEOUT_MS alone decides; leave out one of the two',
  },
  {
    map: TURNS,
    fields: WAITS,
    when: (pipeline) =>
      pipeline.text(...TURNS, 'by') !== 'vad' && pipeline.value(...TURNS, 'adaptive') === false,
    why: 'conversation.turns.adaptive is false, so every turn waits TIMEOUT_MS; leave out one of the two',
  },
  {
    map: TURNS,
    fields: ['stt_wait_ms'],
    when: (pipeline) => pipeline.text(...TURNS, 'by') !== 'stt',
    why: 'it is for conversation.turns.by: stt alone',
  },
  {
    map: BARGE_IN,
    fields: ['min_words'],
    when: (pipeline) => pipeline.text(...BARGE_IN, 'mode') !== 'words',
    why: 'it is for conversation.barge_in.mode: words alone',
  },
  {
    map: BARGE_IN,
    fields: ['min_speech_ms', 'duck_db'],
    when: (pipeline) => pipeline.text(...BARGE_IN, 'mode') !== 'speech',
    why: 'it is for conversation.barge_in.mode: speech alone',
  },
  {
    map: BARGE_IN,
    fields: ['min_speech_ms', 'duck_db', 'quieter_db', 'echo'],
    when: (pipeline) =>
      pipeline.value('vad') === 'off' &&
      !isRealtime(pipeline) &&
      pipeline.text(...BARGE_IN, 'mode') === 'speech',
    why: '"vad" is off, so nobody hears the caller’s voice before the words',
  },
  {
    map: FILLER,
    fields: ['sound_db'],
    when: (pipeline) => pipeline.value(...FILLER, 'sound') === undefined,
    why: 'there is no conversation.filler.sound',
  },
  {
    map: ['conversation'],
    fields: ['filler'],
    when: saysNoFiller,
    why: 'there are no texts, of this file or of the language, and no sound; add one of the two',
  },
]

/** Settings that are written in the file and do nothing: nobody notices on a call what does not happen. */
export function unusedSettings(config: unknown, source: SourceNode): readonly Finding[] {
  const value = (...path: Path): unknown =>
    path.reduce<unknown>((held, part) => mapOf(held)?.[String(part)], config)
  const text = (...path: Path): string | undefined => {
    const found = value(...path)
    return typeof found === 'string' ? found : undefined
  }
  const found = RULES.filter(({ when }) => when({ text, value })).flatMap(({ map, fields, why }) =>
    fields
      .map((field): Path => [...map, field])
      .filter((path) => locate(source, path).found)
      .map((path): Finding => ({
        code: 'KAV_CONFIG_DOUBT',
        path,
        at: 'key',
        message: `"${String(path.at(-1))}" has no effect: ${why}`,
      })),
  )
  // The first rule is the widest: what it says of a map holds for what is in it, and once is enough.
  const places = found.map(({ path }) => path.join('.'))
  return found.filter(
    (_, at) => !places.slice(0, at).some((before) => `${places[at]!}.`.startsWith(`${before}.`)),
  )
}

function isRealtime({ value }: Pipeline): boolean {
  return value('realtime') !== undefined
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function holdsNoLonger({ value }: Pipeline): boolean {
  const afterMs = value(...IDLE, 'after_ms')
  const holdMs = value(...IDLE, 'hold_ms')
  return typeof afterMs === 'number' && typeof holdMs === 'number' && afterMs > 0 && holdMs <= afterMs
}

function saysNoFiller({ text, value }: Pipeline): boolean {
  if (mapOf(value(...FILLER)) === undefined || value(...FILLER, 'sound') !== undefined) return false
  const texts = value(...FILLER, 'texts')
  if (texts !== undefined) return listOf(texts).length === 0
  const language = text('conversation', 'language')
  return language !== undefined && fillerLinesFor(language).length === 0
}
