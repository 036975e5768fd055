/** What a field may be instead: another type, empty, negative, huge; `undefined` stands for a field that is absent. */
const INSTEAD: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  'text',
  'x'.repeat(120_000),
  [],
  [null],
  {},
  { a: 1 },
]

/**
 * Every version of a provider's message in which one part, at any depth, is not what it should be; for tests that a
 * parser survives them all. The message itself is left as it is.
 */
export function oddVersionsOf(message: unknown): unknown[] {
  return [...INSTEAD.filter((odd) => odd !== undefined), ...oddPartsOf(message)]
}

function* oddPartsOf(whole: unknown): Generator<unknown> {
  if (typeof whole !== 'object' || whole === null) return
  for (const [key, part] of Object.entries(whole)) {
    for (const odd of INSTEAD) if (!same(odd, part)) yield withPart(whole, key, odd)
    for (const odd of oddPartsOf(part)) yield withPart(whole, key, odd)
  }
}

function withPart(whole: object, key: string, part: unknown): unknown {
  const copy: Record<string, unknown> | unknown[] = Array.isArray(whole)
    ? [...(whole as unknown[])]
    : { ...whole }
  if (part === undefined) Reflect.deleteProperty(copy, key)
  else Reflect.set(copy, key, part)
  return copy
}

function same(odd: unknown, part: unknown): boolean {
  return JSON.stringify(odd) === JSON.stringify(part)
}
