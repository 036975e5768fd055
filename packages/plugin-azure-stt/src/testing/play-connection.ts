import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { readHeader, type HeardConnection, type HeardFormat, type HeardTurn } from './heard-connection.ts'
import { createListener, type Listener, type Understood, type UnderstoodWord } from './listeners.ts'
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
  const turns = createTurns(socket, heard, script)
  const faults = createFaults(socket, tcp, script, turns)
  const scripted = createScriptedResults(script, turns)

  function audio(message: WireMessage): void {
    if (message.requestId === turns.endedId) return
    const turn =
      turns.current?.requestId === message.requestId ? turns.current : turns.begin(message.requestId)
    const { bytes } = message
    heard.audioMessages += 1
    heard.largestAudioBytes = Math.max(heard.largestAudioBytes, bytes.length)
    if (message.headers['content-type'] === 'audio/x-wav') return checkHeader(socket, bytes)
    if (bytes.length === 0) return turns.audioEnded()
    if (options.keepAudio) turn.audio.push(new Uint8Array(bytes))
    turns.hear(turn, bytes)
    scripted.say()
    faults.happen()
  }

  socket.on('message', (data: Buffer, isBinary) => {
    if (turns.frozen) return
    const message = isBinary ? readBinaryMessage(data) : readTextMessage(data.toString('utf8'))
    if (message.path === 'audio') audio(message)
    if (message.path === 'speech.context') turns.contextOf(message)
    options.changed()
  })
  socket.on('close', () => {
    heard.state = 'closed'
    options.changed()
  })
  socket.on('error', () => undefined)
}

function checkHeader(socket: WebSocket, bytes: Uint8Array): void {
  const format: HeardFormat | undefined = readHeader(bytes)
  const right = format?.tag === MULAW_TAG && format.bits === 8 && format.sampleRateHz === 8000
  // What the service does with a stream it cannot decode.
  if (!right) socket.close(1007, 'Unsupported audio format')
}

/** The turns of one connection, one at a time. */
interface Turns {
  readonly current: HeardTurn | undefined
  /** What still arrives of a turn that the server has ended is not heard. */
  endedId: string
  /** Audio of the running turn that was heard. */
  readonly heardMs: number
  /** Audio heard on this connection, over all turns. */
  connectionMs: number
  /** Nothing is read or sent any more. */
  frozen: boolean
  contextOf(message: WireMessage): void
  begin(requestId: string): HeardTurn
  hear(turn: HeardTurn, bytes: Uint8Array): void
  /** The client has no more audio. */
  audioEnded(): void
  /** The server ends the turn by itself. */
  cut(): void
  send(path: string, body: unknown): void
  phrase(status: RecognitionStatus, place: object, text?: string, words?: readonly UnderstoodWord[]): void
}

function createTurns(socket: WebSocket, heard: HeardConnection, script: RecognitionScript): Turns {
  let current: HeardTurn | undefined
  let listener: Listener | undefined
  let rest = Buffer.alloc(0)
  let context: Record<string, unknown> = {}
  let contextId = ''
  let speaking = false
  const turns: Turns = {
    get current() {
      return current
    },
    endedId: '',
    get heardMs() {
      return Math.floor((current?.bytes ?? 0) / BYTES_PER_MS)
    },
    connectionMs: 0,
    frozen: false,
    contextOf(message) {
      context = JSON.parse(message.text) as Record<string, unknown>
      contextId = message.requestId
    },
    begin(requestId) {
      current = newTurn(requestId, requestId === contextId ? context : {})
      heard.turns.push(current)
      rest = Buffer.alloc(0)
      speaking = false
      listener = createListener(script, (words) => say(turns, script, words))
      turns.send('turn.start', { context: { serviceTag: 'loopback' } })
      return current
    },
    hear(turn, bytes) {
      const joined = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
      let at = 0
      for (; at + FRAME_BYTES <= joined.length; at += FRAME_BYTES) {
        turn.bytes += FRAME_BYTES
        hearFrame(turn, joined.subarray(at, at + FRAME_BYTES))
      }
      rest = Buffer.from(joined.subarray(at))
      turns.connectionMs += bytes.length / BYTES_PER_MS
    },
    audioEnded() {
      if (current !== undefined) current.audioEnded = true
      listener?.flush()
      if (speaking) turns.send('speech.endDetected', { Offset: turns.heardMs * TICKS_PER_MS })
      if (script.neverEndTurn !== true) turns.send('turn.end', {})
    },
    cut() {
      turns.send('turn.end', {})
      turns.endedId = current?.requestId ?? ''
      current = undefined
    },
    send(path, body) {
      const text = writeTextMessage(path, current?.requestId ?? '', body)
      const deliver = (): void => {
        if (!turns.frozen && socket.readyState === socket.OPEN) socket.send(text)
      }
      if (script.responseDelayMs === undefined) deliver()
      else setTimeout(deliver, script.responseDelayMs).unref()
    },
    phrase(status, place, text, words) {
      turns.send('speech.phrase', {
        RecognitionStatus: status,
        ...(text !== undefined && textOf(heard.query, text, words)),
        ...place,
      })
    },
  }

  function hearFrame(turn: HeardTurn, frame: Uint8Array): void {
    const content = readFrame(frame)
    if (content === 'silence') turn.silenceFrames += 1
    else if (content === 'broken') turn.brokenFrames += 1
    else turn.frames.push(content)
    if (content !== 'silence' && !speaking) {
      speaking = true
      turns.send('speech.startDetected', { Offset: turns.heardMs * TICKS_PER_MS })
    }
    listener?.hear(frame, content)
  }

  return turns
}

function newTurn(requestId: string, context: Record<string, unknown>): HeardTurn {
  return {
    requestId,
    context,
    frames: [],
    silenceFrames: 0,
    brokenFrames: 0,
    bytes: 0,
    audio: [],
    audioEnded: false,
  }
}

/** As the query asks for it: `format`, and `wordLevelTimestamps`. */
function textOf(
  query: HeardConnection['query'],
  text: string,
  words: readonly UnderstoodWord[] | undefined,
): object {
  if (query['format'] !== 'detailed') return { DisplayText: text }
  const timed = query['wordLevelTimestamps'] === 'true' && words !== undefined
  const at = ({ startMs, endMs }: UnderstoodWord) => ({
    Offset: startMs * TICKS_PER_MS,
    Duration: (endMs - startMs) * TICKS_PER_MS,
  })
  const lists = timed && {
    Words: words.map((word) => ({ Word: word.word, ...at(word) })),
    DisplayWords: words.map((word) => ({ DisplayText: word.word, ...at(word) })),
  }
  return { NBest: [{ Confidence: 0.9, Lexical: text, ITN: text, MaskedITN: text, Display: text, ...lists }] }
}

function languageOf(language: string | undefined): object {
  return language === undefined ? {} : { PrimaryLanguage: { Language: language, Confidence: 'High' } }
}

function say(turns: Turns, script: RecognitionScript, words: Understood): void {
  const place = {
    Offset: words.startMs * TICKS_PER_MS,
    Duration: (words.endMs - words.startMs) * TICKS_PER_MS,
    ...languageOf(script.language),
  }
  if (words.final) turns.phrase('Success', place, words.text, words.words)
  else turns.send('speech.hypothesis', { Text: words.text, ...place })
}

/** What the script says at its times, whatever was heard. */
function createScriptedResults(script: RecognitionScript, turns: Turns): { say(): void } {
  const results = [...(script.results ?? [])]
  const raw = [...(script.raw ?? [])]
  return {
    say() {
      for (const { path, body } of raw.splice(0)) turns.send(path, body)
      while (results[0] !== undefined && results[0].atMs <= turns.connectionMs) {
        const { status, partial, final, endMs = turns.heardMs, language } = results.shift()!
        const place = { Offset: 0, Duration: endMs * TICKS_PER_MS, ...languageOf(language) }
        if (partial !== undefined) turns.send('speech.hypothesis', { Text: partial, ...place })
        if (final !== undefined) turns.phrase('Success', place, final)
        if (status !== undefined) turns.phrase(status, place)
      }
    },
  }
}

/** Faults of the connection, each at its time and once. */
function createFaults(
  socket: WebSocket,
  tcp: Socket,
  script: RecognitionScript,
  turns: Turns,
): { happen(): void } {
  const due = new Set(['closeAt', 'resetAt', 'turnEndAt', 'freezeAt'])
  const now = (name: string, atMs: number | undefined): boolean =>
    atMs !== undefined && turns.connectionMs >= atMs && due.delete(name)
  return {
    happen() {
      if (now('turnEndAt', script.turnEndAtMs)) turns.cut()
      if (now('freezeAt', script.freezeAtMs)) {
        turns.frozen = true
        // Bytes vanish unread: as far as the client can see, nobody is there any more.
        tcp.removeAllListeners('data').resume()
      }
      if (now('resetAt', script.resetAtMs)) tcp.resetAndDestroy()
      if (now('closeAt', script.closeAt?.ms)) socket.close(script.closeAt?.code, script.closeAt?.reason)
    },
  }
}
