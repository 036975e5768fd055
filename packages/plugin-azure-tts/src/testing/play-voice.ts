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
  let format = ''
  let wantsWords = false
  let count = 0
  let frozen = false
  const open = (): boolean => !frozen && socket.readyState === socket.OPEN

  function speak(message: WireMessage): void {
    const { requestId } = message
    const utterance: HeardUtterance = {
      connection: heard.index,
      ssml: message.text,
      text: textOfSsml(message.text),
      format,
      sentBytes: 0,
      ended: false,
    }
    utterances.push(utterance)
    count += 1
    if (script.refuseSsml !== undefined) {
      socket.close(1007, script.refuseSsml)
      return
    }
    const streamId = requestId.slice(0, 32)
    const text = (path: string, body: unknown): void => socket.send(writeTextMessage(path, requestId, body))
    text('turn.start', { context: { serviceTag: 'loopback' } })
    text('response', { context: { serviceTag: 'loopback' }, audio: { type: 'inline', streamId } })
    if (wantsWords) text('audio.metadata', { Metadata: wordTimes(utterance.text) })
    const audio = script.silent === true ? new Uint8Array() : spokenAudio(utterance.text)
    const chunkBytes = script.chunkBytes ?? 800

    function next(): void {
      if (!open()) return
      const { sentBytes } = utterance
      const { cut: fault } = script
      if (fault !== undefined && sentBytes >= fault.afterBytes && count >= (fault.from ?? 1)) {
        return cut(fault.code)
      }
      if (script.stallAfterBytes !== undefined && sentBytes >= script.stallAfterBytes) {
        frozen = true
        tcp.removeAllListeners('data').resume()
        return
      }
      if (sentBytes >= audio.length) return end()
      const chunk = audio.subarray(sentBytes, sentBytes + chunkBytes)
      socket.send(writeBinaryMessage('audio', requestId, { 'X-StreamId': streamId }, chunk))
      utterance.sentBytes += chunk.length
      changed()
      if (script.chunkDelayMs === undefined) setImmediate(next)
      else setTimeout(next, script.chunkDelayMs).unref()
    }

    function end(): void {
      text('turn.end', {})
      utterance.ended = true
      changed()
      if (count === script.utterances) socket.close(1000)
    }

    next()
  }

  function cut(code: number | 'reset'): void {
    if (code === 'reset') tcp.resetAndDestroy()
    else socket.close(code)
  }

  socket.on('message', (data: Buffer, isBinary) => {
    if (frozen || isBinary) return
    const message = readTextMessage(data.toString('utf8'))
    if (message.path === 'synthesis.context') {
      const { synthesis } = JSON.parse(message.text) as {
        synthesis?: { audio?: { outputFormat?: string; metadataOptions?: { wordBoundaryEnabled?: unknown } } }
      }
      format = synthesis?.audio?.outputFormat ?? ''
      // The SDK writes it as a text.
      wantsWords = String(synthesis?.audio?.metadataOptions?.wordBoundaryEnabled) === 'true'
    }
    if (message.path === 'ssml') speak(message)
    changed()
  })
  socket.on('close', () => {
    heard.state = 'closed'
    changed()
  })
  socket.on('error', () => undefined)
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
