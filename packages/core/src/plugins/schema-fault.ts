import { types } from 'node:util'

/** Deeper than anyone writes; what walks a schema does so by calling itself. */
const MAX_DEPTH = 64
/** Maps and lists; a provider with every setting of its API has some hundred. */
const MAX_PARTS = 50_000

interface Part {
  readonly value: object
  readonly path: string
  readonly depth: number
  readonly above: Part | undefined
}

/**
 * Why a schema that a plugin states cannot be used as it stands: it is no plain value that reads the same each time.
 * Every reader after this may go through it without care. Calls nothing of the plugin's. Never throws.
 */
export function schemaFault(schema: object): string | undefined {
  const open: Part[] = [{ value: schema, path: '', depth: 0, above: undefined }]
  let parts = 0
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const where = part.path === '' ? 'it' : `what stands at ${part.path}`
    if (types.isProxy(part.value)) return `${where} is a Proxy; write it as a plain object`
    if (holdsItself(part)) return `${where} holds itself; refer to it by "$ref" and "$defs"`
    if (part.depth > MAX_DEPTH) return `it is more than ${MAX_DEPTH} levels deep; make it flatter`
    if (++parts > MAX_PARTS) return `it is made of more than ${MAX_PARTS} maps and lists; make it smaller`
    for (const [name, field] of Object.entries(Object.getOwnPropertyDescriptors(part.value))) {
      if (field.enumerable !== true) continue
      const path = `${part.path}/${name}`
      if (!('value' in field)) return `what stands at ${path} is a getter; write the value itself`
      const value: unknown = field.value
      if (typeof value === 'function' || typeof value === 'bigint')
        return `what stands at ${path} is a ${typeof value}, which JSON cannot hold; leave it out`
      if (typeof value === 'object' && value !== null)
        open.push({ value, path, depth: part.depth + 1, above: part })
    }
  }
  return undefined
}

function holdsItself({ value, above }: Part): boolean {
  for (let part = above; part !== undefined; part = part.above) if (part.value === value) return true
  return false
}
