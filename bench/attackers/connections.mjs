// Raw connections: attackers do not keep to HTTP.

import { connect } from 'node:net'

/** A socket that reads and forgets. Errors are the server's good right. */
export function dial(port) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.resume()
  return socket
}

/** Sends bytes and leaves when the server has had its say, or after a second. */
export function send(port, bytes, stayMs = 1000) {
  return new Promise((resolve) => {
    const socket = dial(port)
    socket.write(bytes)
    const timer = setTimeout(() => socket.destroy(), stayMs)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** One HTTP request as bytes; the connection ends with its answer. */
export function request(method, path, headers = {}, body = '') {
  const head = {
    host: 'voice.example.com',
    connection: 'close',
    'content-length': Buffer.byteLength(body),
    ...headers,
  }
  const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
export const UNSIGNED = {
  ...FORM,
  'x-twilio-signature': 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'x-forwarded-host': 'b.example',
}

/** A WebSocket of the media path, upgraded as a carrier does, then `frames` of raw bytes as fast as they are taken. */
export function openSocket(port, { signature } = {}) {
  const socket = dial(port)
  const headers = {
    host: 'voice.example.com',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-version': '13',
    ...(signature && { 'x-twilio-signature': signature }),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.write(`GET /twilio/media HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  return socket
}

/** A masked frame (RFC 6455, 5.2) with a mask of zeros. */
export function frame(opcode, payload) {
  const body = Buffer.from(payload)
  const length =
    body.length < 126
      ? Buffer.from([0x80 | body.length])
      : body.length < 65_536
        ? Buffer.from([0xfe, body.length >> 8, body.length & 255])
        : Buffer.concat([Buffer.from([0xff, 0, 0, 0, 0]), uint32(body.length)])
  return Buffer.concat([Buffer.from([0x80 | opcode]), length, Buffer.alloc(4), body])
}

function uint32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
