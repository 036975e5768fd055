import { expect, it } from 'vitest'
import { ProviderError } from '../../../src/contracts/errors.ts'
import { createMessageReader, type MessagesIn } from '../../../src/kit/wire/messages-in.ts'

/** What a reader makes of one message of the service. */
function read(data: string | Uint8Array, messagesIn?: MessagesIn, taken?: () => never): readonly unknown[] {
  const said: unknown[] = []
  createMessageReader(messagesIn, {
    onMessage: (message) => void said.push(taken?.() ?? message),
    onOdd: () => void said.push('odd'),
    onThrown: (thrown) => void said.push(thrown),
  })(data)
  return said
}

it('a text is one object of JSON, and bytes are none', () => {
  expect(read('{"a":1}')).toEqual([{ a: 1 }])
  for (const odd of ['[1]', 'null', 'hello', new Uint8Array(2)]) expect(read(odd)).toEqual(['odd'])
})

it('of more than one, each is taken that is an object', () => {
  expect(read('', () => [{ a: 1 }, 2, { b: 3 }])).toEqual([{ a: 1 }, 'odd', { b: 3 }])
})

it('what cannot be read is odd, and nothing of it is taken; a fault of the service is told', () => {
  function* torn() {
    yield { a: 1 }
    throw new RangeError('offset is out of bounds')
  }
  expect(read('', torn)).toEqual(['odd'])
  const refused = new ProviderError('auth', 'the key is wrong')
  const refuses = (): never => {
    throw refused
  }
  expect(read('', refuses)).toEqual([refused])
  expect(read('{}', undefined, refuses)).toEqual([refused])
})
