const MAX_DEPTH = 8

/** Every text in a value: of errors also the stack and the causes, of bytes what they spell. */
export function* stringsIn(value: unknown, depth = 0): Generator<string> {
  if (typeof value === 'string') yield value
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return
  if (value instanceof Uint8Array) return yield Buffer.from(value).toString('latin1')
  if (value instanceof Error) {
    for (const own of [value.message, value.stack, value.cause]) yield* stringsIn(own, depth + 1)
  }
  if (value instanceof Map || value instanceof Set) {
    for (const one of value) yield* stringsIn(one, depth + 1)
  }
  for (const [name, inner] of Object.entries(value)) {
    yield name
    yield* stringsIn(inner, depth + 1)
  }
}
