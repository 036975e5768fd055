import { didYouMean } from '../../kit/did-you-mean.ts'
import { parseCoreScalar } from '../source/env-text.ts'
import { meantNumber } from './meant-value.ts'
import { mapOf } from '../source/value-shapes.ts'

type Schema = Readonly<Record<string, unknown>>

/** Where a value of the wrong kind stands. */
export interface Mistyped {
  /** The name of its field. */
  readonly name: string
  /** What would be right. */
  readonly schemas: readonly Schema[]
}

/** What to write instead; begins with `; `, or is empty. Nothing is advised that would be refused, too. */
export function typeHint(expected: readonly string[], value: unknown, wrong: Mistyped): string {
  if (value === null || value === undefined) {
    return expected.includes('a map')
      ? '; indent its fields below it, or remove the key'
      : '; write a value, or remove the key'
  }
  if (expected.includes('"off"') && meansNo(value)) return '; write off'
  if (typeof value === 'object') return structureHint(expected, value)
  if (expected.includes('a map')) return mapHint(value, wrong.schemas)
  if (expected.includes('a list')) return '; write it as [ … ] or one "- " per line'
  if (typeof value !== 'string') return scalarHint(expected, value)
  const plain = parseCoreScalar(value)
  const number = wrong.schemas.find(({ type }) => type === 'integer' || type === 'number')
  if (number !== undefined) {
    if (typeof plain === 'number') return '; remove the quotes'
    const meant = meantNumber(value, wrong.name, number)
    return meant === undefined ? '' : `; write ${meant}${/_ms$/i.test(wrong.name) ? ' (milliseconds)' : ''}`
  }
  if (!expected.includes('true or false')) return ''
  if (typeof plain === 'boolean') return '; remove the quotes'
  if (/^(y|yes|on)$/i.test(value)) return '; write true'
  return meansNo(value) ? '; write false' : ''
}

function meansNo(value: unknown): boolean {
  return value === false || (typeof value === 'string' && /^(n|no|off|none|false)$/i.test(value))
}

function scalarHint(expected: readonly string[], value: unknown): string {
  if (expected.includes('true or false'))
    return value === 1 ? '; write true' : value === 0 ? '; write false' : ''
  return expected.includes('text') ? '; put it in quotes' : ''
}

function structureHint(expected: readonly string[], value: object): string {
  if (expected.includes('a map') && Array.isArray(value)) return '; write its fields without "- "'
  return expected.includes('a list') ? '; put "- " before each entry' : ''
}

/** A text in the place of a map is mostly a field whose `:` is none to YAML: `mode:speech`, `mode： speech`. */
function mapHint(value: unknown, schemas: readonly Schema[]): string {
  if (typeof value === 'number') return ''
  const fields = [...new Set(schemas.flatMap(({ properties }) => Object.keys(mapOf(properties) ?? {})))]
  if (typeof value === 'string') {
    const [, name = '', sign = ''] = /^([\w-]{1,40})[ \t]?([:：﹕=\s])/.exec(value.trimStart()) ?? []
    const meant = sign === '' ? undefined : didYouMean(name, fields)
    if (meant !== undefined) return `; a field is written "${meant}: …", with a colon and a space`
    if (/^(@[\w-]+\/|\.\.?\/)/.test(value) && fields.includes('plugin'))
      return '; write { plugin: "…" }, the name in quotes'
  }
  const more = fields.length > 6 ? ', …' : ''
  return fields.length === 0 ? '' : `; its fields stand below it: ${fields.slice(0, 6).join(', ')}${more}`
}
