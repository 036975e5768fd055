import { messageOf } from '../../contracts/errors.ts'
import { linearExpression } from '../../kit/linear-expression.ts'
import { PLACEHOLDERS } from '../../redaction/redaction-settings.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { showOrigin } from '../findings/show-value.ts'
import { isBroken, locate, type SourceNode } from '../source/source-tree.ts'
import { mapOf } from '../source/value-shapes.ts'

const TAKEN: readonly string[] = [...Object.keys(PLACEHOLDERS), 'key']

/** A name that the schema does not take. */
export const WORD_NAME_HINT = '; a name is made of small letters, - and _'

/** What the schema cannot judge in `redact`: patterns that RE2 does not take, and names that are Kav's own. */
export function checkRedact(config: unknown, source: SourceNode): readonly Finding[] {
  const words = mapOf(mapOf(mapOf(config)?.['redact'])?.['words']) ?? {}
  return Object.entries(words)
    .flatMap(([name, pattern]): Finding[] => {
      const path = ['redact', 'words', name]
      const fault = typeof pattern === 'string' ? faultOf(pattern, locate(source, path).node) : undefined
      if (fault !== undefined) return [{ code: 'KAV_CONFIG_VALUE', path, at: 'value', message: fault }]
      if (!TAKEN.includes(name)) return []
      const message = `${JSON.stringify(name)} is what Kav itself writes in place of something; choose another name`
      return [{ code: 'KAV_CONFIG_VALUE', path, at: 'key', message }]
    })
    .filter(({ path }) => !isBroken(source, path))
}

function faultOf(pattern: string, { env }: SourceNode): string | undefined {
  try {
    linearExpression(pattern)
    return undefined
  } catch (error) {
    // The reason repeats parts of the pattern.
    return env === undefined
      ? messageOf(error)
      : `${showOrigin(env)} cannot be used: patterns are RE2's, without look-ahead, look-behind and back-references`
  }
}
