import { didYouMean } from '../../kit/did-you-mean.ts'
import { mapOf } from '../source/value-shapes.ts'

const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']
/** As other languages name them. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  ...{ str: 'string', text: 'string', int: 'integer', long: 'integer', float: 'number', double: 'number' },
  ...{ decimal: 'number', bool: 'boolean', list: 'array', dict: 'object', map: 'object', none: 'null' },
  ...{ date: 'string, with format: date', datetime: 'string, with format: date-time' },
  ...{
    time: 'string, with format: time',
    email: 'string, with format: email',
    enum: 'string, with enum: [ … ]',
  },
}
const NUMBERS = /^(min|max|exclusiveMin|exclusiveMax)imum$|^multipleOf$/
const COUNTS = /^(min|max)(Length|Items|Properties|Contains)$/
const LISTS = ['enum', 'allOf', 'anyOf', 'oneOf', 'prefixItems']

/** What is wrong with the value of one keyword of JSON Schema, in the words of this file; `undefined` when nothing is. */
export function keywordFault(keyword: string, value: unknown): string | undefined {
  if (keyword === 'type') return typeFault(value)
  if (keyword === 'required') {
    if (typeof value === 'boolean')
      return 'is a list of names beside "properties", not of one argument: required: [name]'
    return Array.isArray(value) ? undefined : 'must be a list of names: required: [name]'
  }
  if (keyword === 'properties' && mapOf(value) === undefined)
    return 'must be a map of arguments: { name: { type: string } }'
  if (LISTS.includes(keyword))
    return Array.isArray(value) && value.length > 0 ? undefined : 'must be a list with at least one entry'
  if (NUMBERS.test(keyword)) return typeof value === 'number' ? undefined : 'must be a number, without quotes'
  if (!COUNTS.test(keyword)) return undefined
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0
  return isCount ? undefined : 'must be a whole number, without quotes'
}

/** What stands in place of a schema: `name: string`. */
export function schemaFault(value: unknown): string | undefined {
  if (typeof value === 'boolean' || mapOf(value) !== undefined) return undefined
  const type = typeof value === 'string' ? (meantType(value) ?? 'string') : 'string'
  return `must be a map that describes it: { type: ${type} }`
}

function typeFault(value: unknown): string | undefined {
  const types: readonly unknown[] = Array.isArray(value) ? value : [value]
  const wrong = types.find((type) => !TYPES.includes(String(type)))
  if (wrong === undefined) return undefined
  const meant = typeof wrong === 'string' ? meantType(wrong) : undefined
  return meant === undefined
    ? `is not one of ${TYPES.join(', ')}`
    : `is no type of JSON Schema; write ${meant}`
}

function meantType(text: string): string | undefined {
  const name = text.toLowerCase()
  if (Object.hasOwn(OTHER_NAMES, name)) return OTHER_NAMES[name]
  return didYouMean(text, TYPES)
}
