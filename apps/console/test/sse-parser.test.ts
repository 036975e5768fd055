import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSseParser, type ServerEvent } from '../src/api/sse-parser.ts'

const STREAM =
  ': hello\n\nevent: snapshot\ndata: {"a":\ndata: 1}\n\ndata: plain\r\n\r\nevent: nothing\n\nevent: x\ndata:y\n\n'
const EVENTS = [
  { event: 'snapshot', data: '{"a":\n1}' },
  { event: 'message', data: 'plain' },
  { event: 'x', data: 'y' },
]

it('takes a stream apart however it is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
      const seen: ServerEvent[] = []
      const parse = createSseParser((event) => seen.push(event))
      const sorted = [0, ...cuts.sort((one, other) => one - other), STREAM.length]
      for (let at = 1; at < sorted.length; at++) parse(STREAM.slice(sorted[at - 1], sorted[at]))
      expect(seen).toEqual(EVENTS)
    }),
  )
})
