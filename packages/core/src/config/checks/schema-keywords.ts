import { didYouMean } from '../../kit/did-you-mean.ts'
import type { Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { keywordFault, schemaFault } from './schema-keyword-values.ts'
import { type Fields, listOf, mapOf } from '../source/value-shapes.ts'
import { quoteKey } from '../yaml/yaml-value.ts'

/** Keywords of JSON Schema 2020-12 by what stands under them: a schema, a list or a map of them, or anything else. */
const ONE = ['additionalProperties', 'contains', 'else', 'if', 'items', 'not', 'propertyNames', 'then']
const ONE_MORE = ['unevaluatedItems', 'unevaluatedProperties', 'contentSchema']
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems']
const MAPS = ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties']
const OTHERS = [
  ...[
    'type',
    'enum',
    'const',
    'description',
    'title',
    'default',
    'examples',
    'required',
    'format',
    'pattern',
  ],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength'],
  ...['minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'minContains', 'maxContains'],
  ...['dependentRequired', 'deprecated', 'readOnly', 'writeOnly', 'contentEncoding', 'contentMediaType'],
  ...['$id', '$ref', '$schema', '$comment', '$anchor', '$dynamicRef', '$dynamicAnchor', '$vocabulary'],
]
const KEYWORDS: readonly string[] = [...ONE, ...ONE_MORE, ...LISTS, ...MAPS, ...OTHERS]

/**
 * Keys of a JSON Schema that are no keywords, each at its place, since `tpye` would check nothing; and values that no
 * keyword takes.
 */
export function unknownKeywords(schema: Fields, path: Path): readonly Finding[] {
  return Object.entries(schema).flatMap(([name, value]): readonly Finding[] => {
    const at = [...path, name]
    const inner = (part: unknown, where: Path): readonly Finding[] => {
      const map = mapOf(part)
      const fault = schemaFault(part)
      if (fault !== undefined) return [wrong(where, fault)]
      return map === undefined ? [] : unknownKeywords(map, where)
    }
    const fault = keywordFault(name, value)
    if (fault !== undefined) return [wrong(at, fault)]
    if (MAPS.includes(name))
      return Object.entries(mapOf(value) ?? {}).flatMap(([key, part]) => inner(part, [...at, key]))
    if (LISTS.includes(name)) return listOf(value).flatMap((part, index) => inner(part, [...at, index]))
    if (KEYWORDS.includes(name)) return [...ONE, ...ONE_MORE].includes(name) ? inner(value, at) : []
    const meant = didYouMean(name, KEYWORDS)
    const hint = meant === undefined ? '; it is no keyword of JSON Schema' : `; did you mean "${meant}"?`
    const message = `unknown keyword ${quoteKey(name)}${hint}`
    return [{ code: 'KAV_CONFIG_UNKNOWN_FIELD', path: at, at: 'key', message }]
  })
}

function wrong(path: Path, message: string): Finding {
  return { code: 'KAV_CONFIG_VALUE', path, at: 'value', message }
}
