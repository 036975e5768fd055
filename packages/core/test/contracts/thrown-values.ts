/** What a plugin may throw besides an error, by a name for test titles. */
export const ODD_THROWN: readonly (readonly [string, () => unknown])[] = [
  ['undefined', () => undefined],
  ['null', () => null],
  ['a number', () => 42],
  ['a bigint', () => 10n],
  ['a symbol', () => Symbol('odd')],
  ['a text', () => 'it broke'],
  ['a function', () => () => undefined],
  ['an object without a prototype', () => Object.create(null)],
  ['an object that contains itself', () => circular()],
  ['an object whose toString and toJSON throw', () => ({ toString: fail, toJSON: fail })],
  ['an error whose message is a getter that throws', () => withGetter('message')],
  ['an error whose stack is a getter that throws', () => withGetter('stack')],
  ['an error whose name is a getter that throws', () => withGetter('name')],
  ['an error whose message is no text', () => Object.assign(new Error('x'), { message: { a: 1n } })],
  ['an error without a message', () => new TypeError()],
  ['an error that is its own cause', () => ownCause()],
  ['a message of a megabyte', () => new Error('x'.repeat(1_000_000))],
  ['a revoked proxy', () => revoked()],
  ['an error behind a proxy whose every trap throws', () => trapped()],
]

function fail(): never {
  throw new Error('a trap')
}

function circular(): object {
  const ring: Record<string, unknown> = {}
  ring['self'] = ring
  return ring
}

function withGetter(name: string): Error {
  return Object.defineProperty(new Error('x'), name, { get: fail, enumerable: true })
}

function ownCause(): Error {
  const error = new Error('round')
  error.cause = error
  return error
}

function trapped(): object {
  return new Proxy(new Error('x'), { get: fail, getPrototypeOf: fail, has: fail, ownKeys: fail })
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
