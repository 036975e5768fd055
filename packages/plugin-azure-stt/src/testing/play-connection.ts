import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { readHeader, type HeardConnection, type HeardFormat, type HeardTurn } from './heard-connection.ts'
import { createListener, type Listener, type Understood } from './listeners.ts'
import { FRAME_BYTES, readFrame } from './numbered-frames.ts'
import type { RecognitionScript, RecognitionStatus } from './recognition-script.ts'
import {
  readBinaryMessage,
  readTextMessage,
  writeTextMessage,
  type WireMessage,
} from '@kav/azure-speech/testing'

const BYTES_PER_MS = 8
const TICKS_PER_MS = 10_000
/** G.711 mu-law in a WAV header (RFC 2361). */
const MULAW_TAG = 7

/** Plays the service on one connection: reads what the client sends, answers as the script says. */
export function playConnection(
  socket: WebSocket,
  tcp: Socket,
  heard: HeardConnection,
  script: RecognitionScript,
  options: { readonly keepAudio: boolean; readonly changed: () => void },
): void {
  let turn: HeardTurn | undefined
  /** What still arrives of a turn that the server has ended is not heard. */
  let endedId = ''
  let listener: Listener | undefined
  let rest = Buffer.alloc(0)
  let context: Record<string, unknown> = {}
  let contextId = ''
  /** Audio heard on this connection, over all turns. */
  let connectionMs = 0
  let speaking = false
  let frozen = false
  const due = new Set(['closeAt', 'resetAt', 'turnEndAt', 'freezeAt'])
  const results = [...(script.results ?? [])]

  function send(path: string, body: unknown): void {
    const requestId = turn?.requestId ?? ''
    const text = writeTextMessage(path, requestId, body)
    const deliver = (): void => {
      if (!frozen && socket.readyState === socket.OPEN) socket.send(text)
    }
    if (script.responseDelayMs === undefined) deliver()
    else setTimeout(deliver, script.responseDelayMs).unref()
  }

  function say(words: Understood): void {
    const place = {
      Offset: words.startMs * TICKS_PER_MS,
      Duration: (words.endMs - words.startMs) * TICKS_PER_MS,
      ...(script.language !== undefined && {
        PrimaryLanguage: { Language: script.language, Confidence: 'High' },
      }),
    }
    if (words.final) phrase('Success', place, words.text)
    else send('speech.hypothesis', { Text: words.text, ...place })
  }

  function phrase(status: RecognitionStatus, place: object, text?: string): void {
    send('speech.phrase', {
      RecognitionStatus: status,
      ...(text !== undefined && { DisplayText: text }),
      ...place,
    })
  }

  function begin(message: WireMessage): HeardTurn {
    const begun: HeardTurn = {
      requestId: message.requestId,
      context: message.requestId === contextId ? context : {},
      frames: [],
      silenceFrames: 0,
      brokenFrames: 0,
      bytes: 0,
      audio: [],
      audioEnded: false,
    }
    heard.turns.push(begun)
    turn = begun
    rest = Buffer.alloc(0)
    speaking = false
    listener = createListener(script, say)
    send('turn.start', { context: { serviceTag: 'loopback' } })
    return begun
  }

  function endTurn(): void {
    if (speaking) send('speech.endDetected', { Offset: heardMs() * TICKS_PER_MS })
    if (script.neverEndTurn !== true) send('turn.end', {})
  }

  const heardMs = (): number => Math.floor((turn?.bytes ?? 0) / BYTES_PER_MS)

  function hearFrame(current: HeardTurn, frame: Uint8Array): void {
    const content = readFrame(frame)
    if (content === 'silence') current.silenceFrames += 1
    else if (content === 'broken') current.brokenFrames += 1
    else current.frames.push(content)
    if (content !== 'silence' && !speaking) {
      speaking = true
      send('speech.startDetected', { Offset: heardMs() * TICKS_PER_MS })
    }
    listener?.hear(frame, content)
  }

  function audio(message: WireMessage): void {
    if (message.requestId === endedId) return
    if (message.requestId !== turn?.requestId) begin(message)
    const current = turn
    if (current === undefined) return
    const bytes = message.bytes
    heard.audioMessages += 1
    heard.largestAudioBytes = Math.max(heard.largestAudioBytes, bytes.length)
    if (message.headers['content-type'] === 'audio/x-wav') return header(bytes)
    if (bytes.length === 0) {
      current.audioEnded = true
      listener?.flush()
      endTurn()
      return
    }
    if (options.keepAudio) current.audio.push(new Uint8Array(bytes))
    let at = 0
    const joined = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    for (; at + FRAME_BYTES <= joined.length; at += FRAME_BYTES) {
      current.bytes += FRAME_BYTES
      hearFrame(current, joined.subarray(at, at + FRAME_BYTES))
    }
    rest = Buffer.from(joined.subarray(at))
    connectionMs += bytes.length / BYTES_PER_MS
    sayScripted()
    happen()
  }

  function header(bytes: Uint8Array): void {
    const format: HeardFormat | undefined = readHeader(bytes)
    const right = format?.tag === MULAW_TAG && format.bits === 8 && format.sampleRateHz === 8000
    // What the service does with a stream it cannot decode.
    if (!right) socket.close(1007, 'Unsupported audio format')
  }

  function sayScripted(): void {
    while (results[0] !== undefined && results[0].atMs <= connectionMs) {
      const { status, partial, final, endMs = heardMs(), language } = results.shift() ?? { atMs: 0 }
      const place = {
        Offset: 0,
        Duration: endMs * TICKS_PER_MS,
        ...(language !== undefined && { PrimaryLanguage: { Language: language, Confidence: 'High' } }),
      }
      if (partial !== undefined) send('speech.hypothesis', { Text: partial, ...place })
      if (final !== undefined) phrase('Success', place, final)
      if (status !== undefined) phrase(status, place)
    }
  }

  /** Faults, each at its time and once. */
  function happen(): void {
    const now = (name: string, atMs: number | undefined): boolean =>
      atMs !== undefined && connectionMs >= atMs && due.delete(name)
    if (now('turnEndAt', script.turnEndAtMs)) {
      send('turn.end', {})
      endedId = turn?.requestId ?? ''
      turn = undefined
    }
    if (now('freezeAt', script.freezeAtMs)) {
      frozen = true
      // Bytes vanish unread: as far as the client can see, nobody is there any more.
      tcp.removeAllListeners('data').resume()
    }
    if (now('resetAt', script.resetAtMs)) tcp.resetAndDestroy()
    if (now('closeAt', script.closeAt?.ms)) socket.close(script.closeAt?.code, script.closeAt?.reason)
  }

  socket.on('message', (data: Buffer, isBinary) => {
    if (frozen) return
    const message = isBinary ? readBinaryMessage(data) : readTextMessage(data.toString('utf8'))
    if (message.path === 'audio') audio(message)
    if (message.path === 'speech.context') {
      context = JSON.parse(message.text) as Record<string, unknown>
      contextId = message.requestId
    }
    options.changed()
  })
  socket.on('close', () => {
    heard.state = 'closed'
    options.changed()
  })
  socket.on('error', () => undefined)
}
