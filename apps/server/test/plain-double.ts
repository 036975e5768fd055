import { request } from 'node:http'
import type { Duplex } from 'node:stream'
import { definePlugin, type DoubleCaller, type DoubleLine, MULAW_8K } from '@kav/core'
import { Type } from '@sinclair/typebox'
import { createPlainLine } from '../../../packages/core/test/testing/plain-line.ts'

interface Message {
  readonly audio?: string
  readonly mark?: string
  readonly clear?: true
  readonly bye?: true
}

/** The smallest transport there is, with its double: lines of JSON over an upgraded socket. */
export const plainLinePlugin = definePlugin({
  kind: 'transport',
  name: 'plain-line',
  description: 'Lines of JSON over a socket.',
  params: Type.Object({ told: Type.Optional(Type.String()) }, { additionalProperties: false }),
  create: () => createPlainLine(),
  double() {
    let calls = 0
    return {
      params: { told: 'by the double' },
      async dial(url, caller) {
        const socket = await upgraded(`${url}/line`)
        return createLine(`line-${++calls}`, socket, caller)
      },
      close: async () => undefined,
    }
  },
})

function upgraded(url: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { connection: 'Upgrade', upgrade: 'plain-line' } })
    asked.on('upgrade', (_response, socket, head) => {
      socket.unshift(head)
      resolve(socket)
    })
    asked.on('response', ({ statusCode }) => reject(new Error(`refused: ${statusCode}`)))
    asked.on('error', reject)
    asked.end()
  })
}

function createLine(id: string, socket: Duplex, caller: DoubleCaller): DoubleLine {
  const write = (message: object) => socket.writable && socket.write(`${JSON.stringify(message)}\n`)
  const over = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let left = false
  let rest = ''
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(JSON.parse(line) as Message)
  })
  socket.on('error', () => undefined)
  void over.then(() => end('connection-lost'))

  function end(by: 'agent' | 'connection-lost'): void {
    if (!left) caller.onEnd(by)
    left = true
  }

  function hear({ audio, mark, clear, bye }: Message): void {
    if (audio !== undefined) caller.onAudio(Buffer.from(audio, 'base64'))
    if (mark !== undefined) caller.onMark(mark)
    if (clear) caller.onClear()
    if (!bye) return
    end('agent')
    socket.end()
  }

  return {
    id,
    format: MULAW_8K,
    send: (audio) => void write({ audio: Buffer.from(audio).toString('base64') }),
    press: (digit) => void write({ digit }),
    played: (mark) => void write({ mark }),
    hangUp() {
      left = true
      if (socket.writable) socket.end(`${JSON.stringify({ bye: true })}\n`)
      return over
    },
    drop: () => void socket.destroy(),
  }
}
