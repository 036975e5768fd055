import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { boundedInput } from '../src/mcp/bounded-input.ts'

const LONG = 'x'.repeat(5_000_000)

function opened() {
  const [sent, answered] = [new PassThrough(), new PassThrough()]
  const heard = boundedInput(sent, answered)
  const ids = () => {
    const lines = String(answered.read() ?? '')
      .split('\n')
      .slice(0, -1)
    return lines.map((line) => {
      const { id, error } = JSON.parse(line) as { id: unknown; error: { message: string } }
      expect(error.message).toContain('longer than 4 MB')
      return id
    })
  }
  return { sent, heard, ids }
}

it('a message that is too long is answered with an error, and the next one is heard', async () => {
  const { sent, heard, ids } = opened()
  sent.write(`{"jsonrpc":"2.0","id":7,"method":"tools/call","params":"${LONG}"}\n`)
  sent.write(`{"method":"tools/call","params":"${LONG}","jsonrpc":"2.0","id":"last"}\n`)
  sent.write(`${LONG}\n{"jsonrpc":"2.0","id":8,"method":"ping"}\n`)
  await once(heard, 'readable')
  expect(String(heard.read())).toBe('{"jsonrpc":"2.0","id":8,"method":"ping"}\n')
  expect(ids()).toEqual([7, null, 'last', null])
})

it('one without an end is told while it lasts, and keeps no memory', async () => {
  const { sent, heard, ids } = opened()
  const piece = Buffer.alloc(1_000_000, 'x')
  const before = process.memoryUsage().arrayBuffers
  for (let mb = 0; mb < 200; mb++) sent.write(piece)
  await new Promise((resolve) => setImmediate(resolve))
  expect(ids()).toEqual([null])
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000)
  sent.end('\n{"id":1}\n')
  await once(heard, 'readable')
  expect(String(heard.read())).toBe('{"id":1}\n')
})

it('nothing more is read while answers wait to be read', async () => {
  const sent = new PassThrough()
  const answers = new PassThrough({ highWaterMark: 10 })
  const heard = boundedInput(sent, answers)
  let messages = 0
  heard.on('data', (lines: Buffer) => {
    for (const _ of lines.toString().trim().split('\n')) {
      messages++
      answers.write('an answer that takes all the room there is\n')
    }
  })
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  for (let id = 0; id < 50; id++) {
    sent.write(`{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`)
    await turn()
  }
  expect(messages).toBeLessThan(5)
  answers.resume()
  for (let turns = 0; turns < 1000 && messages < 50; turns++) await turn()
  expect(messages).toBe(50)
})
