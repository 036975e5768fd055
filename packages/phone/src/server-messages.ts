import { judgeAudio, judgeMessage, type OnViolation } from './protocol/judge-message.ts'

/** What the server said, as far as it can be understood. `audio` is lent: valid until the next `read`. */
export type ServerMessage =
  | { readonly type: 'media'; readonly audio: Uint8Array }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' }

/** Reads the server's messages as strictly as Twilio's warnings 31950 and 31951 describe. */
export interface ServerMessageReader {
  /** One text message. `undefined` when nothing can be made of it; every fault was reported as a violation. */
  read(data: Buffer): ServerMessage | undefined
}

/** Base64 into bytes that are used again for the next; what cannot be mu-law speech is reported. */
function createPayloadReader(onViolation: OnViolation) {
  let scratch = Buffer.alloc(1024)
  const media: { type: 'media'; audio: Uint8Array } = { type: 'media', audio: scratch }

  function decode(payload: string): Uint8Array {
    if (payload.length > scratch.length) scratch = Buffer.alloc(payload.length * 2)
    return scratch.subarray(0, scratch.write(payload, 'base64'))
  }

  function take(audio: Uint8Array): ServerMessage {
    judgeAudio(audio, onViolation)
    media.audio = audio
    return media
  }

  return { decode, take }
}

export function createServerMessageReader(streamSid: string, onViolation: OnViolation): ServerMessageReader {
  let violations = 0
  const told: OnViolation = (text) => {
    violations++
    onViolation(text)
  }
  const payloads = createPayloadReader(told)
  /** The bytes around the payload of a media message already found right: most messages need no parsing. */
  let head: Buffer | undefined
  let tail: Buffer | undefined

  function fast(data: Buffer): ServerMessage | undefined {
    if (!head || !tail || data.length < head.length + tail.length) return undefined
    const end = data.length - tail.length
    if (data.compare(head, 0, head.length, 0, head.length) !== 0) return undefined
    if (data.compare(tail, 0, tail.length, end) !== 0) return undefined
    const payload = data.toString('latin1', head.length, end)
    const padding = payload.endsWith('==') ? 2 : payload.endsWith('=') ? 1 : 0
    const audio = payloads.decode(payload)
    // A character outside base64 is skipped by the decoder, so the length tells.
    if (payload.length % 4 !== 0 || audio.length !== (payload.length / 4) * 3 - padding) return undefined
    return payloads.take(audio)
  }

  /** Of a message without fault. */
  function learn(data: Buffer, payload: string): void {
    const at = data.indexOf(`"payload":"${payload}"`)
    if (head || at <= 0 || payload === '') return
    head = Buffer.from(data.subarray(0, at + 11))
    tail = Buffer.from(data.subarray(at + 11 + payload.length))
  }

  function slow(data: Buffer): ServerMessage | undefined {
    const before = violations
    const judged = judgeMessage(data.toString('utf8'), streamSid, told)
    if (judged?.type !== 'media') return judged
    if (violations === before) learn(data, judged.payload)
    return payloads.take(payloads.decode(judged.payload))
  }

  return { read: (data) => fast(data) ?? slow(data) }
}

/** Takes the payload of whatever has one and asks nothing else: for servers that send our own messages back. */
export function createEchoReader(): ServerMessageReader {
  const marker = Buffer.from('"payload":"')
  let scratch = Buffer.alloc(1024)
  const media: { type: 'media'; audio: Uint8Array } = { type: 'media', audio: scratch }
  return {
    read(data) {
      const at = data.indexOf(marker)
      const from = at + marker.length
      const to = at < 0 ? -1 : data.indexOf(0x22, from)
      if (to < 0) return undefined
      if (to - from > scratch.length) scratch = Buffer.alloc((to - from) * 2)
      const bytes = scratch.write(data.toString('latin1', from, to), 'base64')
      media.audio = scratch.subarray(0, bytes)
      return media
    },
  }
}
