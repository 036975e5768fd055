import type { Finding } from '../findings/schema-findings.ts'
import { mapOf } from '../source/value-shapes.ts'

/** Stages that `conversation.turns.by: vad` needs, or has no use for. */
export function turnWarnings(config: unknown): readonly Finding[] {
  const stages = mapOf(config)
  if (mapOf(mapOf(stages?.['conversation'])?.['turns'])?.['by'] !== 'vad') return []
  const found: Finding[] = []
  if (stages?.['vad'] === 'off') {
    const message = 'vad: silence decides, and nothing hears it but the recogniser, since "vad" is off'
    found.push(doubt(['conversation', 'turns', 'by'], message))
  }
  if (stages?.['turn'] !== undefined) {
    found.push(doubt(['turn'], 'is never asked: by conversation.turns.by, silence alone decides (vad)'))
  }
  return found
}

function doubt(path: Finding['path'], message: string): Finding {
  return { code: 'KAV_CONFIG_DOUBT', path, at: 'value', message }
}
