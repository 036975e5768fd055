import type { Finding } from '../findings/schema-findings.ts'
import { mapOf } from '../source/value-shapes.ts'

/** The stages of a pipeline that hears, thinks and speaks in three steps. */
export const STEPS = ['stt', 'llm', 'tts'] as const

/** Which stages may stand together: stt, llm and tts, or realtime in place of all three. */
export function checkCombination(written: Readonly<Record<string, unknown>>): readonly Finding[] {
  if (Object.hasOwn(written, 'realtime')) return besideRealtime(written)
  const missing = STEPS.filter((name) => !Object.hasOwn(written, name))
  return missing.map((name, index) => {
    const instead = missing.length === STEPS.length && index === 0 ? ALTERNATIVE : ''
    const message = `missing required stage "${name}"${instead}`
    return { code: 'KAV_CONFIG_MISSING_FIELD', path: [], at: 'parent', message }
  })
}

const ALTERNATIVE = ' (or "realtime" in place of stt, llm and tts)'

function besideRealtime(written: Readonly<Record<string, unknown>>): readonly Finding[] {
  const extra = STEPS.filter((name) => Object.hasOwn(written, name)).map((name) =>
    beside(name, 'which hears, thinks and speaks by itself; remove one of the two'),
  )
  if (Object.hasOwn(written, 'turn')) {
    extra.push(beside('turn', 'which finds the ends of turns by itself; remove it'))
  }
  const by = turnsBy(written)
  if (by === 'stt' || by === 'vad') extra.push(besideTurnsBy(by))
  const { languages } = written
  const switches = typeof languages === 'object' && languages !== null && Object.keys(languages).length > 0
  if (!switches) return extra
  return [...extra, beside('languages', 'whose model follows the caller into other languages; remove it')]
}

function turnsBy({ conversation }: Readonly<Record<string, unknown>>): unknown {
  return mapOf(mapOf(conversation)?.['turns'])?.['by']
}

function besideTurnsBy(by: string): Finding {
  const message = `"${by}" cannot stand beside "realtime", which finds the ends of turns by itself; remove it`
  return { code: 'KAV_CONFIG_VALUE', path: ['conversation', 'turns', 'by'], at: 'value', message }
}

function beside(name: string, why: string): Finding {
  const message = `cannot stand beside "realtime", ${why}`
  return { code: 'KAV_CONFIG_VALUE', path: [name], at: 'parent', message }
}
