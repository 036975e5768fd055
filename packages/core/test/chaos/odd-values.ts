import { ProviderError } from '../../src/index.ts'

/** What is thrown by somebody, some day. */
export const THROWN: readonly (readonly [string, () => unknown])[] = [
  ['an error', () => new Error('bang')],
  ['a fault of a provider', () => new ProviderError('network', 'fake: bang')],
  ['an error that cannot be read', () => unreadable(new Error('bang'))],
  ['an error with a message of a megabyte', () => new Error('bang'.repeat(250_000))],
  ['an object without a prototype', () => Object.create(null) as object],
  ['a revoked proxy', revoked],
  ['a text', () => 'bang'],
  ['an empty text', () => ''],
  ['zero', () => 0],
  ['null', () => null],
  ['nothing', () => undefined],
  ['a symbol', () => Symbol('bang')],
  ['a big number', () => 10n],
  ['a function', () => () => undefined],
]

/** What is given in place of a promise, an object, an event, a field of an event. */
export const GIVEN: readonly (readonly [string, () => unknown])[] = [
  ['null', () => null],
  ['nothing', () => undefined],
  ['a number', () => 7],
  ['no number', () => Number.NaN],
  ['a text', () => 'text'],
  ['true', () => true],
  ['an empty object', () => ({})],
  ['a list', () => [[]]],
  ['an object without a prototype', () => Object.create(null) as object],
  ['a promise of null', () => Promise.resolve(null)],
  ['a step without a value', () => ({ done: false })],
  ['a step with null', () => ({ done: false, value: null })],
  ['a step with a number', () => ({ done: false, value: 7 })],
  ['a step with an event of no kind', () => ({ done: false, value: { type: 'nonsense' } })],
  ['a step with a final that is no text', () => ({ done: false, value: { type: 'final', text: null } })],
  ['a step with a text that is none', () => ({ done: false, value: { type: 'text', text: { x: 1 } } })],
  [
    'a step with audio that is none',
    () => ({ done: false, value: { type: 'audio', itemId: 5, audio: 'x' } }),
  ],
  ['a step with an empty tool call', () => ({ done: false, value: { type: 'tool-call' } })],
  ['a step with half a byte array', () => ({ done: false, value: new Uint8Array(0) })],
]

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

function unreadable(error: Error): Error {
  return new Proxy(error, {
    get() {
      throw new Error('nobody reads this')
    },
  })
}
