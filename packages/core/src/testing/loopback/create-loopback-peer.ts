import type { IncomingMessage } from 'node:http'
import type { RawData, WebSocket } from 'ws'
import type { LoopbackPeer } from './loopback-peer.ts'

export function createLoopbackPeer(socket: WebSocket, request: IncomingMessage): LoopbackPeer {
  const messages: any[] = []
  const binary: Buffer[] = []
  const all: any[] = []
  const handlers: ((message: any) => void)[] = []
  const isOpen = (): boolean => socket.readyState === socket.OPEN

  socket.on('error', () => undefined)
  socket.on('message', (data, isBinary) => {
    const message: unknown = isBinary ? bufferOf(data) : jsonOr(String(data))
    all.push(message)
    if (isBinary) binary.push(message as Buffer)
    else messages.push(message)
    for (const handler of [...handlers]) handler(message)
  })

  const peer: LoopbackPeer = {
    url: new URL(request.url ?? '/', 'ws://loopback'),
    headers: request.headers,
    messages,
    bytes: () => Buffer.concat(binary),
    onMessage(handler) {
      handlers.push(handler)
      for (const message of [...all]) handler(message)
    },
    message: (fits) =>
      new Promise((resolve) => {
        peer.onMessage((message) => {
          if (fits(message)) resolve(message)
        })
      }),
    send: (message) => peer.sendRaw(JSON.stringify(message)),
    sendRaw(message) {
      if (isOpen()) socket.send(message)
    },
    async roundTrip() {
      if (!isOpen()) return
      const answered = new Promise<void>((resolve) => socket.once('pong', () => resolve()))
      socket.ping()
      await Promise.race([answered, peer.closed])
    },
    close: (code = 1000, reason = '') => socket.close(code, reason),
    cut: () => socket.terminate(),
    freeze: () => socket.pause(),
    closed: new Promise((resolve) => socket.on('close', resolve)),
  }
  return peer
}

function bufferOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? Buffer.from(data) : data
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
