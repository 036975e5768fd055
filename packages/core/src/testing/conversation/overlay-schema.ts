import { Type, type TSchema, type TUnsafe } from '@sinclair/typebox'

type Overlay<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T]?: Overlay<T[Key]> }
    : T

type Node = Readonly<Record<string, unknown>>

/**
 * The schema of settings that are laid over others: whatever is left out stays as it was, so nothing is required
 * and no default is filled in, at any depth of maps. Entries of lists are whole.
 */
export function overlaySchema<S extends TSchema>(
  schema: S,
  description: string,
): TUnsafe<Overlay<S['static']>> {
  return Type.Unsafe<Overlay<S['static']>>({ ...sparse(schema), description })
}

function sparse(schema: Node): Node {
  const { default: _default, required, ...rest } = schema
  const properties = schema['properties'] as Readonly<Record<string, Node>> | undefined
  if (!properties) return required === undefined ? rest : { ...rest, required }
  return {
    ...rest,
    additionalProperties: false,
    properties: Object.fromEntries(Object.entries(properties).map(([name, node]) => [name, sparse(node)])),
  }
}
