import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { spokenAudio, textOfSsml } from './spoken-audio.ts'
import type { HeardConnection, HeardUtterance, VoiceScript } from './voice-script.ts'
import {
  readTextMessage,
  writeBinaryMessage,
  writeTextMessage,
  type WireMessage,
} from '@kav/azure-speech/testing'

const TICKS_PER_MS = 10_000
const BYTES_PER_MS = 8

/** Plays the service on one connection: `speech.config`, `synthesis.context` and `ssml` come in, speech goes out. */
export function playVoice(
  socket: WebSocket,
  tcp: Socket,
  heard: HeardConnection,
  script: VoiceScript,
  utterances: HeardUtterance[],
  changed: () => void,
): void {
  const line = createLine(socket, tcp)
  let asked: Asked = { format: '', wantsWords: false }
  let count = 0

  function speak(message: WireMessage): void {
    const utterance: HeardUtterance = {
      connection: heard.index,
      ssml: message.text,
      text: textOfSsml(message.text),
      format: asked.format,
      sentBytes: 0,
      ended: false,
    }
    utterances.push(utterance)
    count += 1
    if (script.refuseSsml !== undefined) socket.close(1007, script.refuseSsml)
    else speakUtterance(line, message.requestId, utterance, count, script, asked.wantsWords, changed)
  }

  socket.on('message', (data: Buffer, isBinary) => {
    if (line.frozen || isBinary) return
    const message = readTextMessage(data.toString('utf8'))
    if (message.path === 'synthesis.context') asked = readAsked(message)
    if (message.path === 'ssml') speak(message)
    changed()
  })
  socket.on('close', () => {
    heard.state = 'closed'
    changed()
  })
  socket.on('error', () => undefined)
}

/** What the client wants of its utterances. */
interface Asked {
  readonly format: string
  readonly wantsWords: boolean
}

function readAsked(message: WireMessage): Asked {
  const { synthesis } = JSON.parse(message.text) as {
    synthesis?: { audio?: { outputFormat?: string; metadataOptions?: { wordBoundaryEnabled?: unknown } } }
  }
  return {
    format: synthesis?.audio?.outputFormat ?? '',
    // The SDK writes it as a text.
    wantsWords: String(synthesis?.audio?.metadataOptions?.wordBoundaryEnabled) === 'true',
  }
}

/** The server's end of the connection, and what can befall it. */
interface Line {
  readonly open: boolean
  readonly frozen: boolean
  send(message: string | Uint8Array): void
  /** Nothing more comes, and nothing is read. */
  freeze(): void
  cut(code: number | 'reset'): void
}

function createLine(socket: WebSocket, tcp: Socket): Line {
  let frozen = false
  return {
    get frozen() {
      return frozen
    },
    get open() {
      return !frozen && socket.readyState === socket.OPEN
    },
    send: (message) => socket.send(message),
    freeze() {
      frozen = true
      tcp.removeAllListeners('data').resume()
    },
    cut(code) {
      if (code === 'reset') tcp.resetAndDestroy()
      else socket.close(code)
    },
  }
}

/** Sends one utterance, the connection's `count`th, as the script says. */
function speakUtterance(
  line: Line,
  requestId: string,
  utterance: HeardUtterance,
  count: number,
  script: VoiceScript,
  wantsWords: boolean,
  changed: () => void,
): void {
  const streamId = requestId.slice(0, 32)
  const text = (path: string, body: unknown): void => line.send(writeTextMessage(path, requestId, body))
  text('turn.start', { context: { serviceTag: 'loopback' } })
  text('response', { context: { serviceTag: 'loopback' }, audio: { type: 'inline', streamId } })
  if (wantsWords) text('audio.metadata', { Metadata: wordTimes(utterance.text) })
  for (const { path, body } of script.raw ?? []) text(path, body)
  const audio = script.silent === true ? new Uint8Array() : spokenAudio(utterance.text)
  const chunkBytes = script.chunkBytes ?? 800

  function next(): void {
    if (!line.open) return
    const { sentBytes } = utterance
    const { cut } = script
    if (cut !== undefined && sentBytes >= cut.afterBytes && count >= (cut.from ?? 1)) {
      return line.cut(cut.code)
    }
    if (script.stallAfterBytes !== undefined && sentBytes >= script.stallAfterBytes) return line.freeze()
    if (sentBytes >= audio.length) return end()
    const chunk = audio.subarray(sentBytes, sentBytes + chunkBytes)
    line.send(writeBinaryMessage('audio', requestId, { 'X-StreamId': streamId }, chunk))
    utterance.sentBytes += chunk.length
    changed()
    if (script.chunkDelayMs === undefined) setImmediate(next)
    else setTimeout(next, script.chunkDelayMs).unref()
  }

  function end(): void {
    text('turn.end', {})
    utterance.ended = true
    changed()
    if (count === script.utterances) line.cut(1000)
  }

  next()
}

/** Where each word begins in the audio of `spokenAudio`. */
function wordTimes(text: string): object[] {
  const msPerCharacter = spokenAudio('x').length / BYTES_PER_MS
  return [...text.matchAll(/\S+/g)].map((match) => ({
    Type: 'WordBoundary',
    Data: {
      Offset: match.index * msPerCharacter * TICKS_PER_MS,
      Duration: match[0].length * msPerCharacter * TICKS_PER_MS,
      text: { Text: match[0], Length: match[0].length, BoundaryType: 'WordBoundary' },
    },
  }))
}
