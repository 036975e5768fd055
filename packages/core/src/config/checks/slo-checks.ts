import type { Finding } from '../findings/schema-findings.ts'
import { CoreSttParamsSchema } from '../schema/stage.ts'
import { locate, type SourceNode } from '../source/source-tree.ts'
import { mapOf } from '../source/value-shapes.ts'

/** Objectives that promise nothing, or what the file itself makes impossible. */
export function sloWarnings(config: unknown, source: SourceNode): readonly Finding[] {
  const slo = mapOf(mapOf(config)?.['slo'])
  if (slo === undefined) return []
  const objectives = Object.keys(slo).filter((name) => name !== 'window')
  if (objectives.length === 0) return found(source, [], 'it names no objective: nothing is counted')
  const answerMs = slo['answer_p95_ms']
  const silenceMs = silenceBeforeTurnEnds(config)
  if (typeof answerMs !== 'number' || silenceMs === undefined || answerMs > silenceMs) return []
  return found(
    source,
    ['answer_p95_ms'],
    `${answerMs} ms are never met: a turn ends ${silenceMs} ms after the last word at the earliest (VAD_HANGOVER_MS and TIMEOUT_MS)`,
  )
}

/** `undefined` where somebody else than the clock says when the caller is done. */
function silenceBeforeTurnEnds(config: unknown): number | undefined {
  const root = mapOf(config)
  const turns = mapOf(mapOf(root?.['conversation'])?.['turns'])
  if (root?.['turn'] !== undefined || turns?.['by'] === 'stt') return undefined
  const params = mapOf(mapOf(root?.['stt'] ?? root?.['realtime'])?.['params'])
  const waits = (['VAD_HANGOVER_MS', 'TIMEOUT_MS'] as const).map(
    (name): unknown => params?.[name] ?? CoreSttParamsSchema.properties[name].default,
  )
  return waits.reduce<number>((sum, ms) => sum + (typeof ms === 'number' ? ms : 0), 0)
}

function found(source: SourceNode, inside: readonly string[], message: string): readonly Finding[] {
  const path = ['slo', ...inside]
  return locate(source, path).found ? [{ code: 'KAV_CONFIG_DOUBT', path, at: 'value', message }] : []
}
