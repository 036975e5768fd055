// The callers' WebSocket on a bare TCP socket: a handshake by hand, frames that come ready from their maker, and a
// reader that touches only the frames' heads (RFC 6455). All sockets read into one buffer.

import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { maskedFrame, OPCODE } from './media-frames.mjs'

const OPEN_LIMIT_MS = 20_000
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const HEAD_END = Buffer.from('\r\n\r\n')
const EMPTY = Buffer.alloc(0)
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024)

/**
 * Opens `url`, at the host of `via` if that is given, and resolves once it was accepted, with a wire whose
 * `onText(buffer, start, end)` is called for every data frame, with bytes that are lent, and `onClose()` once.
 */
export function openStreamSocket(url, { via = url, headers = {} } = {}) {
  const { host, pathname, search } = new URL(url)
  const { hostname, port } = new URL(via)
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const key = randomBytes(16).toString('base64')
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64')
  return new Promise((resolve, reject) => {
    let opened = false
    let rest = EMPTY
    const socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: { buffer: readBuffer, callback: onRead },
    })
    const limit = setTimeout(() => fail('no answer to the upgrade'), OPEN_LIMIT_MS)

    function fail(why) {
      reject(new Error(`${url}: ${why}`))
      socket.destroy()
    }

    function onRead(length, buffer) {
      let bytes = buffer
      let end = length
      if (rest.length > 0) {
        bytes = Buffer.concat([rest, buffer.subarray(0, length)])
        end = bytes.length
      }
      const read = opened ? readFrames(bytes, 0, end) : readAnswer(bytes, end)
      rest = read === end ? EMPTY : Buffer.from(bytes.subarray(read, end))
      return true
    }

    function readAnswer(bytes, end) {
      const at = bytes.subarray(0, end).indexOf(HEAD_END)
      if (at < 0) return 0
      const head = bytes.toString('latin1', 0, at)
      if (!head.startsWith('HTTP/1.1 101') || !head.includes(accept)) {
        fail(`the upgrade was answered ${head.slice(0, 40)}`)
        return end
      }
      opened = true
      clearTimeout(limit)
      resolve(wire)
      return readFrames(bytes, at + HEAD_END.length, end)
    }

    /** Returns where the first frame that is not whole begins. */
    function readFrames(bytes, from, end) {
      let at = from
      while (end - at >= 2) {
        let length = bytes[at + 1] & 0x7f
        let start = at + 2
        if (length === 126) {
          start += 2
          if (start > end) break
          length = bytes.readUInt16BE(at + 2)
        } else if (length === 127) {
          start += 8
          if (start > end) break
          length = Number(bytes.readBigUInt64BE(at + 2))
        }
        if (start + length > end) break
        const opcode = bytes[at] & 0x0f
        at = start + length
        if (opcode <= OPCODE.binary) wire.onText(bytes, start, at)
        else onControl(opcode, bytes.subarray(start, at))
      }
      return at
    }

    function onControl(opcode, payload) {
      if (opcode === OPCODE.ping) wire.send(maskedFrame(OPCODE.pong, payload))
      if (opcode !== OPCODE.close) return
      wire.send(maskedFrame(OPCODE.close, payload))
      socket.end()
    }

    const wire = {
      onText: () => undefined,
      onClose: () => undefined,
      /** A ready frame, which is its owner's again when this returns. */
      send(frame) {
        if (!socket.writable) return
        socket.write(frame)
      },
      /** True while the kernel has not taken all: then a frame that is sent must not be written into. */
      get holdsFrames() {
        return socket.writableLength > 0
      },
      close: () => wire.send(maskedFrame(OPCODE.close, Buffer.from([0x03, 0xe8]))),
      destroy: () => socket.destroy(),
    }
    socket.on('connect', () => {
      socket.write(
        `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: Twilio.TmeWs/1.0\r\n` +
          `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${more.join('')}\r\n`,
      )
    })
    socket.on('error', (error) => fail(error.message))
    socket.on('close', () => {
      clearTimeout(limit)
      reject(new Error(`${url}: closed before it was open`))
      wire.onClose()
    })
  })
}
