import type { Finding } from '../../config/findings/schema-findings.ts'
import { didYouMean } from '../../kit/did-you-mean.ts'
import { CALL_EVENTS } from '../../telemetry/call-events.ts'

/** What is wrong with a script beyond what a schema can say well. `value` may be anything. */
export function judgeScript(value: unknown): readonly Finding[] {
  const steps = isMap(value) && Array.isArray(value['steps']) ? (value['steps'] as unknown[]) : []
  return steps.flatMap((step, index) => (isMap(step) ? judgeStep(step, ['steps', index]) : []))
}

function judgeStep(step: Record<string, unknown>, path: Finding['path']): readonly Finding[] {
  const keys = Object.keys(step)
  if (keys.length !== 1) {
    const found = keys.length === 0 ? 'this one is empty' : `found ${keys.join(', ')}: write a step for each`
    return [{ code: 'KAV_CONFIG_VALUE', path, at: 'value', message: `a step is one thing; ${found}` }]
  }
  return [...judgeEvent(step['expects'], [...path, 'expects']), ...judgePatterns(step, path)]
}

function judgeEvent(expected: unknown, path: Finding['path']): readonly Finding[] {
  const name = isMap(expected) ? expected['event'] : undefined
  if (typeof name !== 'string' || Object.hasOwn(CALL_EVENTS, name)) return []
  const meant = didYouMean(name, Object.keys(CALL_EVENTS))
  const fix = meant === undefined ? 'docs/events.md lists them' : `did you mean "${meant}"?`
  const message = `no event is named ${JSON.stringify(name)}; ${fix}`
  return [{ code: 'KAV_CONFIG_VALUE', path: [...path, 'event'], at: 'value', message }]
}

/** Texts written as `/…/` are regular expressions, wherever they stand. */
function judgePatterns(value: unknown, path: Finding['path']): readonly Finding[] {
  if (typeof value === 'string') return judgePattern(value, path)
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => judgePatterns(item, [...path, index]))
  if (!isMap(value)) return []
  return Object.entries(value).flatMap(([key, item]) => judgePatterns(item, [...path, key]))
}

function judgePattern(text: string, path: Finding['path']): readonly Finding[] {
  const pattern = /^\/(.*)\/([a-z]*)$/su.exec(text)
  if (!pattern) return []
  try {
    new RegExp(pattern[1]!, pattern[2])
    return []
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return [{ code: 'KAV_CONFIG_VALUE', path, at: 'value', message }]
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
