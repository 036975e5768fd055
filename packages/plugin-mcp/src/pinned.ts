import type { McpParams } from './mcp-params.ts'
import { declaredArgument, withoutArguments } from './own-arguments.ts'

type Schema = Readonly<Record<string, unknown>>

/** One argument that a tool has and the model does not. */
interface Pin {
  readonly name: string
  readonly value: string | number | boolean
  readonly required: boolean
  /** The types that the tool takes; empty: it does not say. */
  readonly types: readonly unknown[]
}

/** A tool's schema without its pinned arguments, and what fills those. */
export interface Pinned {
  readonly schema: Schema
  /** The model's arguments with the pinned ones. Throws for a required one that this call has no value for. */
  fill(
    args: Readonly<Record<string, unknown>>,
    call: Readonly<Record<string, string>>,
  ): Readonly<Record<string, unknown>>
}

const PLACE = /\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g

export function pinArguments(schema: Schema, pin: McpParams['pin']): Pinned {
  const pins = Object.entries(pin).flatMap(([name, value]): Pin[] => {
    const declared = declaredArgument(schema, name)
    return declared === undefined ? [] : [{ name, value, ...declared }]
  })
  return {
    schema: withoutArguments(schema, new Set(pins.map(({ name }) => name))),
    fill(args, call) {
      // A schema that is open lets a model write them all the same.
      const filled = Object.fromEntries(Object.entries(args).filter(([name]) => !Object.hasOwn(pin, name)))
      for (const one of pins) {
        const value = valueOf(one, call)
        if (value !== undefined) filled[one.name] = value
        else if (one.required) throw new Error(`this call has no value for ${one.name}`)
      }
      return filled
    },
  }
}

function valueOf({ value, types }: Pin, call: Readonly<Record<string, string>>): unknown {
  if (typeof value !== 'string') return value
  const names = [...value.matchAll(PLACE)].map(([, name]) => name!)
  const isKnown = (name: string): boolean => Object.hasOwn(call, name) && call[name] !== ''
  if (names.length > 0 && !names.some(isKnown)) return undefined
  const text = value.replace(PLACE, (_whole, name: string) => (isKnown(name) ? call[name]! : ''))
  // Values of a call are texts, whatever they stand for.
  if (types.includes('string') || types.length === 0) return text
  const isNumber = types.includes('integer') || types.includes('number')
  if (isNumber && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  return types.includes('boolean') && /^(true|false)$/.test(text) ? text === 'true' : text
}
