import type { SttEvent } from '@kav/core'
import type { SpeechRecognizer } from 'microsoft-cognitiveservices-speech-sdk'
import type { SdkFault } from './azure-errors.ts'
import type { Credential } from './credentials.ts'
import type { ResolvedParams } from './params.ts'
import { readResult, type SpeechResult } from './speech-result.ts'
import { dropSdkSockets, ticksToMs } from '@kav/azure-speech'
import { createRecognizer, type RecognitionAsk } from './speech-config.ts'
import type { SpeechSdk } from '@kav/azure-speech'

/** What one recogniser of the SDK reports. Called in the SDK's time; must not throw (the SDK swallows it). */
export interface RecognitionHandlers {
  /** The connection is up. Again after each reconnect of the SDK's own. */
  onConnected(): void
  /** The connection is gone; the SDK may be making another one, however long that takes. */
  onDisconnected(): void
  /** Offsets count from the recogniser's first byte, over reconnects too. */
  onEvent(event: Exclude<SttEvent, { type: 'closing' }>): void
  /** Something that is not what it should be, and is left out. */
  onOdd(what: string): void
  /** A phrase in which no words were found: `endMs` of the audio is done with. */
  onNoMatch(endMs: number): void
  /** The recogniser is dead. */
  onFault(fault: SdkFault): void
  /**
   * The service ended its turn in mid-stream. The SDK would go on in the next turn, but sends the newest 100 ms first
   * and then all audio since the last final: words out of order, and every later offset wrong by as much.
   */
  onTurnCut(): void
  /** All audio was answered after `finish`. */
  onEnd(): void
}

/** One running recogniser of the SDK. */
export interface Recognition {
  write(audio: Uint8Array): void
  /** No more audio; the tail goes out. */
  finish(): void
  /** Drops everything. Resolves when the connection is gone, at the latest after `CLOSE_LIMIT_MS`. */
  close(): Promise<void>
}

/** 100 ms: the size in which the SDK sends; a piece of exactly this size it takes as it is. */
const PIECE_BYTES = 800
/** How long a connection may take to close politely before it is cut. */
const CLOSE_LIMIT_MS = 500

/** The parts of a recogniser's inner service client that no public object shows. */
interface ServiceClient {
  readonly connectionEvents: {
    attach(handler: (event: { readonly name: string; readonly connectionId: string }) => void): unknown
  }
  dispose(reason?: string): Promise<void>
}

/** Starts a recogniser; it connects by itself. What becomes of it is told to `handlers`. */
export function startRecognition(
  sdk: SpeechSdk,
  params: ResolvedParams,
  credential: Credential,
  ask: RecognitionAsk,
  handlers: RecognitionHandlers,
): Recognition {
  const { recognizer, stream } = createRecognizer(sdk, params, credential, ask)
  const client = recognizer.internalData as ServiceClient
  const connectionIds = new Set<string>()
  let closed = false
  let piece = new Uint8Array(PIECE_BYTES)
  let filled = 0
  let audioEnded = false

  client.connectionEvents.attach(({ name, connectionId }) => {
    if (name === 'ConnectionStartEvent') connectionIds.add(connectionId)
  })
  const connection = sdk.Connection.fromRecognizer(recognizer)
  connection.connected = () => {
    handlers.onConnected()
  }
  connection.disconnected = () => {
    handlers.onDisconnected()
  }
  connection.messageReceived = ({ message }) => {
    if (message.path === 'turn.end' && !audioEnded) handlers.onTurnCut()
  }
  listen(sdk, recognizer, params, handlers)
  const unfollow =
    credential.kind === 'token'
      ? credential.follow((token) => {
          recognizer.authorizationToken = token
        })
      : undefined
  recognizer.startContinuousRecognitionAsync(undefined, (error: string) => {
    handlers.onFault({ code: 'RuntimeError', details: String(error) })
  })

  function endAudio(): void {
    if (audioEnded) return
    audioEnded = true
    if (filled > 0) stream.write(piece.buffer.slice(0, filled))
    stream.close()
  }

  return {
    write(audio) {
      for (let at = 0; at < audio.length;) {
        const taken = Math.min(PIECE_BYTES - filled, audio.length - at)
        piece.set(audio.subarray(at, at + taken), filled)
        filled += taken
        at += taken
        if (filled < PIECE_BYTES) continue
        stream.write(piece.buffer)
        // The SDK keeps the piece, for its own replay.
        piece = new Uint8Array(PIECE_BYTES)
        filled = 0
      }
    },
    finish: endAudio,
    async close() {
      if (closed) return
      closed = true
      unfollow?.()
      filled = 0
      endAudio()
      // The recogniser's own `close` first waits for the end of the turn, which a dead server never sends.
      client.dispose().catch(() => undefined)
      await dropSdkSockets(connectionIds, CLOSE_LIMIT_MS)
    },
  }
}

function listen(
  sdk: SpeechSdk,
  recognizer: SpeechRecognizer,
  params: ResolvedParams,
  handlers: RecognitionHandlers,
): void {
  const many = params.languages.length > 0
  const told = ({ language }: SpeechResult) => (many && language !== undefined ? { language } : {})
  recognizer.recognizing = (_sender, { result }) => {
    const heard = readResult(result)
    if (heard.text === undefined) handlers.onOdd('a hypothesis without text')
    else if (heard.text !== '') handlers.onEvent({ type: 'partial', text: heard.text, ...told(heard) })
  }
  recognizer.recognized = (_sender, { result }) => {
    const { reason } = result
    const heard = readResult(result, params.word_times)
    const { text, endMs } = heard
    if (reason !== sdk.ResultReason.RecognizedSpeech || text === '') return handlers.onNoMatch(endMs ?? 0)
    if (text === undefined) {
      handlers.onOdd('a phrase without text')
      // Its audio is still with the core, and is heard again.
      return handlers.onFault({ code: 'RuntimeError', details: 'a phrase came without text' })
    }
    handlers.onEvent({
      type: 'final',
      text,
      ...(endMs !== undefined && { endMs }),
      ...(heard.words && { words: heard.words }),
      ...told(heard),
    })
  }
  if (params.voice_activity_events) {
    const at = (offset: unknown) => {
      const atMs = ticksToMs(offset)
      return atMs === undefined ? {} : { atMs }
    }
    recognizer.speechStartDetected = (_sender, { offset }) => {
      handlers.onEvent({ type: 'speech-started', ...at(offset) })
    }
    recognizer.speechEndDetected = (_sender, { offset }) => {
      handlers.onEvent({ type: 'speech-stopped', ...at(offset) })
    }
  }
  recognizer.canceled = (_sender, event) => {
    if (event.reason === sdk.CancellationReason.EndOfStream) {
      handlers.onEnd()
      return
    }
    handlers.onFault({
      code: sdk.CancellationErrorCode[event.errorCode] ?? 'RuntimeError',
      details: String(event.errorDetails ?? ''),
    })
  }
  recognizer.sessionStopped = () => {
    handlers.onEnd()
  }
}
