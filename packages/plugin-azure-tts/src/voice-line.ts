import { ProviderError, type Clock, type Metrics } from '@kav/core'
import { createDeferred } from '@kav/core/kit'
import type { SpeechSynthesizer } from 'microsoft-cognitiveservices-speech-sdk'
import { classifyFault } from './azure-errors.ts'
import type { Credential } from './credentials.ts'
import type { ResolvedParams } from './params.ts'
import { dropSdkSockets, ticksToMs } from '@kav/azure-speech'
import type { SpeechSdk } from '@kav/azure-speech'

/** What one sentence on a line reports. After `onEnd` or `onFault` nothing more comes. */
export interface SentenceHandlers {
  onAudio(chunk: Uint8Array): void
  onWord?: ((word: string, startMs: number) => void) | undefined
  onEnd(): void
  onFault(error: ProviderError): void
}

/** One synthesizer of the SDK with its own connection. It speaks one sentence at a time. */
export interface VoiceLine {
  /** Resolves when the connection is up; rejects with a `ProviderError`. Settles always. */
  readonly opened: Promise<void>
  /** `lost`: the connection is gone or was never made. */
  readonly state: 'opening' | 'ready' | 'lost'
  /** Sentences begun on it. */
  readonly uses: number
  speak(ssml: string, handlers: SentenceHandlers): void
  /** Ends everything, a sentence under way with `cancelled`. Resolves when its socket is gone. */
  close(): Promise<void>
}

export interface VoiceLineParts {
  readonly sdk: SpeechSdk
  readonly params: ResolvedParams
  readonly credential: Credential
  readonly secrets: () => readonly string[]
  readonly clock: Clock
  readonly metrics: Metrics
  /** The connection was lost while nobody spoke on it. */
  readonly onLost: () => void
}

/** How long a connection may take to close politely before it is cut. */
const CLOSE_LIMIT_MS = 100

/** Events of a synthesizer's inner client, which no public object shows. */
interface ServiceClient {
  readonly connectionEvents: {
    attach(handler: (event: ConnectionEvent) => void): unknown
  }
  dispose(): Promise<void>
}

interface ConnectionEvent {
  readonly name: string
  readonly connectionId: string
  readonly statusCode?: number
  readonly reason?: string
}

/** Makes a synthesizer and connects it at once. */
export function openVoiceLine(parts: VoiceLineParts): VoiceLine {
  const { params, clock } = parts
  const synthesizer = createSynthesizer(parts)
  const opening = createOpening(clock, params.connect_timeout_ms, lose)
  const life: { state: VoiceLine['state']; uses: number } = { state: 'opening', uses: 0 }
  let closing: Promise<void> | undefined
  let sentence: SentenceHandlers | undefined

  /** Takes the sentence under way, so that it is told its end once. */
  function takeSentence(): SentenceHandlers | undefined {
    const taken = sentence
    sentence = undefined
    return taken
  }

  function lose(error: ProviderError): void {
    if (life.state === 'lost') return
    life.state = 'lost'
    opening.settle(error)
    const speaking = takeSentence()
    void close()
    if (speaking === undefined) parts.onLost()
    else speaking.onFault(error)
  }

  function close(): Promise<void> {
    life.state = 'lost'
    // The SDK never settles a sentence that is under way when its synthesizer closes.
    const cancelled = new ProviderError('cancelled', 'Azure Speech synthesis: the connection was closed')
    opening.settle(cancelled)
    takeSentence()?.onFault(cancelled)
    closing ??= connection.close()
    return closing
  }

  const connection = connect(parts, synthesizer, {
    onUp() {
      if (life.state !== 'opening') return
      life.state = 'ready'
      opening.settle()
    },
    onLost: lose,
  })
  synthesizer.synthesizing = (_sender, { result }) => {
    if (result.audioData.byteLength > 0) sentence?.onAudio(new Uint8Array(result.audioData))
  }

  return {
    opened: opening.opened,
    get state() {
      return life.state
    },
    get uses() {
      return life.uses
    },
    speak(ssml, handlers) {
      life.uses += 1
      sentence = handlers
      speakSsml(parts, synthesizer, ssml, handlers.onWord, {
        onEnd: () => takeSentence()?.onEnd(),
        onFault: lose,
      })
    },
    close,
  }
}

function faultOf(parts: VoiceLineParts, code: string, details: string): ProviderError {
  const { region, voice } = parts.params
  return classifyFault({ code, details }, { doing: 'synthesis', region, voice }, parts.secrets())
}

/** The wait for the connection, with its limit; only the first `settle` counts. */
function createOpening(
  clock: Clock,
  limitMs: number,
  onTimeout: (error: ProviderError) => void,
): { readonly opened: Promise<void>; settle(error?: ProviderError): void } {
  const opened = createDeferred<void>()
  // Whoever needs the line awaits it; a spare that does not come up harms nobody.
  opened.promise.catch(() => undefined)
  const stopTimer = clock.after(limitMs, () => {
    onTimeout(new ProviderError('timeout', `Azure Speech: no connection within ${limitMs} ms`))
  })
  return {
    opened: opened.promise,
    settle(error) {
      stopTimer()
      if (error === undefined) opened.resolve()
      else opened.reject(error)
    },
  }
}

/** Connects the synthesizer; `close` resolves when its sockets are gone. */
function connect(
  parts: VoiceLineParts,
  synthesizer: SpeechSynthesizer,
  handlers: { onUp(): void; onLost(error: ProviderError): void },
): { close(): Promise<void> } {
  const client = synthesizer.internalData as ServiceClient
  const connectionIds = new Set<string>()
  let closed = false
  client.connectionEvents.attach((event) => {
    if (event.name === 'ConnectionStartEvent') {
      connectionIds.add(event.connectionId)
      // A sentence that was cut makes the SDK connect once more, to nobody's use.
      if (closed) void dropSdkSockets(connectionIds, 0)
    }
    if (event.name === 'ConnectionClosedEvent') {
      const code = event.statusCode === 1007 ? 'BadRequestParameters' : 'ConnectionFailure'
      const details = `${event.reason ?? ''} websocket error code: ${event.statusCode}`
      handlers.onLost(faultOf(parts, code, details))
    }
  })
  parts.sdk.Connection.fromSynthesizer(synthesizer).openConnection(handlers.onUp, (error) => {
    handlers.onLost(faultOf(parts, 'ConnectionFailure', String(error)))
  })
  return {
    async close() {
      closed = true
      client.dispose().catch(() => undefined)
      await dropSdkSockets(connectionIds, CLOSE_LIMIT_MS)
    },
  }
}

/** Speaks one document; its audio comes by `synthesizer.synthesizing`. */
function speakSsml(
  parts: VoiceLineParts,
  synthesizer: SpeechSynthesizer,
  ssml: string,
  onWord: SentenceHandlers['onWord'],
  handlers: { onEnd(): void; onFault(error: ProviderError): void },
): void {
  const { sdk } = parts
  if (onWord === undefined) Reflect.deleteProperty(synthesizer, 'wordBoundary')
  else {
    synthesizer.wordBoundary = (_sender, event) => {
      if (event.boundaryType !== sdk.SpeechSynthesisBoundaryType.Word) return
      const startMs = ticksToMs(event.audioOffset)
      const word: unknown = event.text
      if (typeof word === 'string' && startMs !== undefined) onWord(word, startMs)
      else parts.metrics.count('azure_tts_odd_words_total')
    }
  }
  synthesizer.speakSsmlAsync(
    ssml,
    (result) => {
      if (result.reason === sdk.ResultReason.SynthesizingAudioCompleted) handlers.onEnd()
      else
        handlers.onFault(
          faultOf(parts, 'ConnectionFailure', result.errorDetails ?? 'synthesis was cancelled'),
        )
    },
    (error) => {
      handlers.onFault(faultOf(parts, 'RuntimeError', String(error)))
    },
  )
}

function createSynthesizer({ sdk, params, credential }: VoiceLineParts): SpeechSynthesizer {
  const key = credential.kind === 'key' ? credential.secret : undefined
  const config =
    params.host !== ''
      ? sdk.SpeechConfig.fromHost(asUrl(params.host), key)
      : key === undefined
        ? sdk.SpeechConfig.fromAuthorizationToken(credential.secret, params.region)
        : sdk.SpeechConfig.fromSubscription(key, params.region)
  if (credential.kind === 'token') config.authorizationToken = credential.secret
  if (params.endpoint_id !== '') config.endpointId = params.endpoint_id
  config.speechSynthesisVoiceName = params.voice
  config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw8Khz8BitMonoMULaw
  // null: audio goes to our handler, not to a loudspeaker.
  return new sdk.SpeechSynthesizer(config, null)
}

function asUrl(text: string): URL {
  try {
    const url = new URL(text)
    url.protocol = url.protocol.replace(/^http/, 'ws')
    return url
  } catch {
    throw new ProviderError('bad-request', `tts.params.host: "${text}" is not a URL (wss://host[:port])`)
  }
}
