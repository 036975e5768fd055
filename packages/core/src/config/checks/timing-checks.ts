import { formatPath, type Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { locate, type SourceNode } from '../source/source-tree.ts'
import { listOf, mapOf } from '../source/value-shapes.ts'

/** Two times of which the first never comes when it is not shorter than the second. */
interface Race {
  readonly late: Path
  readonly first: Path
  readonly why: string
}

const CONVERSATION = 'conversation'

const RACES: readonly Race[] = [
  ...[
    [CONVERSATION, 'idle', 'after_ms'],
    [CONVERSATION, 'turns', 'noise_after_ms'],
    [CONVERSATION, 'dtmf', 'inter_digit_ms'],
    [CONVERSATION, 'filler', 'after_ms'],
    [CONVERSATION, 'first_token_timeout_ms'],
    [CONVERSATION, 'first_audio_timeout_ms'],
  ].map((late) => ({ late, first: [CONVERSATION, 'max_call_ms'], why: 'the call has ended by then' })),
]

/** Waits that are at least `TIMEOUT_MS`, whatever they say. */
const WAITS: readonly Path[] = [
  [CONVERSATION, 'turns', 'unfinished_wait_ms'],
  [CONVERSATION, 'turns', 'number_wait_ms'],
]

/** Times that can never run out because another one does before. Told where one of the two is written. */
export function timingWarnings(config: unknown, source: SourceNode): readonly Finding[] {
  const msAt = (path: Path): number | undefined => numberAt(config, path)
  const races = [...RACES, ...stageRaces(config)].filter(({ late, first }) => {
    const [lateMs, firstMs] = [msAt(late), msAt(first)]
    return lateMs !== undefined && firstMs !== undefined && lateMs > 0 && lateMs >= firstMs
  })
  const found = races.flatMap(({ late, first, why }) => {
    const message = `${msAt(late)} ms never run out: ${formatPath(first)} is ${msAt(first)}, ${why}`
    const other = `${msAt(first)} ms are not longer than ${formatPath(late)} (${msAt(late)}), which never runs out then`
    return at(source, late, message) ?? at(source, first, other) ?? []
  })
  return [
    ...found,
    ...shortWaits(config, source),
    ...fillers(config, source),
    ...answerFillers(config, source),
  ]
}

/** A plugin's own limits are for one try; those of the conversation end it. */
function stageRaces(config: unknown): readonly Race[] {
  const limits = { llm: 'first_token_timeout_ms', tts: 'first_audio_timeout_ms' }
  return Object.entries(limits)
    .flatMap(([kind, name]): Race[] => [
      { late: [kind, 'params', name], first: [CONVERSATION, name], why: 'and gives up before' },
    ])
    .filter(({ late, first }) => numberAt(config, late) !== numberAt(config, first))
}

function shortWaits(config: unknown, source: SourceNode): readonly Finding[] {
  const timeoutPath = ['stt', 'params', 'TIMEOUT_MS']
  const timeoutMs = numberAt(config, timeoutPath)
  if (timeoutMs === undefined) return []
  return WAITS.flatMap((path) => {
    const waitMs = numberAt(config, path)
    if (waitMs === undefined || waitMs === 0 || waitMs >= timeoutMs) return []
    const message = `${waitMs} ms have no effect: every turn waits ${timeoutMs} ms (${formatPath(timeoutPath)})`
    return at(source, path, message) ?? []
  })
}

function fillers(config: unknown, source: SourceNode): readonly Finding[] {
  const path = ['tools', 'filler', 'after_ms']
  const afterMs = numberAt(config, path)
  const tools = mapOf(mapOf(config)?.['tools']) ?? {}
  const each = [...listOf(tools['http']), ...listOf(tools['plugins'])].map(
    (tool) => mapOf(tool)?.['timeout_ms'],
  )
  const longest = Math.max(0, ...each.filter((ms) => typeof ms === 'number'))
  if (afterMs === undefined || longest === 0 || afterMs < longest) return []
  const message = `${afterMs} ms: no tool may take that long (the longest timeout_ms is ${longest}), so no filler is ever said`
  return at(source, path, message) ?? []
}

/** When every model has been waited for in vain, the reply has failed, and what is said then is no filler. */
function answerFillers(config: unknown, source: SourceNode): readonly Finding[] {
  const late = [CONVERSATION, 'filler', 'after_ms']
  const first = [CONVERSATION, 'first_token_timeout_ms']
  const [afterMs, eachMs] = [numberAt(config, late), numberAt(config, first)]
  const models = 1 + listOf(mapOf(mapOf(config)?.['llm'])?.['fallback']).length
  if (afterMs === undefined || eachMs === undefined || afterMs < eachMs * models) return []
  const limit = models === 1 ? `${eachMs}` : `${eachMs}, for each of ${models} models`
  const message = `${afterMs} ms: the llm has begun its answer by then or is given up (${formatPath(first)} is ${limit}), so no filler is said for it`
  return at(source, late, message) ?? at(source, first, `with ${formatPath(late)}: ${message}`) ?? []
}

function at(source: SourceNode, path: Path, message: string): Finding[] | undefined {
  if (!locate(source, path).found) return undefined
  return [{ code: 'KAV_CONFIG_DOUBT', path, at: 'value', message }]
}

function numberAt(config: unknown, path: Path): number | undefined {
  const value = path.reduce<unknown>((held, part) => mapOf(held)?.[part], config)
  return typeof value === 'number' ? value : undefined
}
