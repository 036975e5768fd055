import { isProviderError, type PluginContext, type ProviderError, type TtsRequest } from '@kav/core'
import { addressOf, faultOf, type FaultRules, jsonMessage, openWireSocket, type Spare } from '@kav/core/kit'
import { authorization, classOfWords, originOf } from '../connection.ts'
import { formatNameOf, languageCodeOf } from '../formats.ts'
import { settingsOf, type TtsParams, voiceFor } from './tts-params.ts'
import { type Alignment, alignmentOf } from './word-times.ts'

/** Seconds without a message after which ElevenLabs closes a socket; its most. */
export const INACTIVITY_S = 180

/**
 * One connection for one reply, `/v1/text-to-speech/{voice}/stream-input` (elevenlabs.io/docs/api-reference/websocket, and
 * `v1TextToSpeechVoiceIdStreamInput` of elevenlabs-js): it begins with a blank and the voice's settings, texts end with a
 * blank, an empty text ends it. Audio comes as base64 with the times of its characters, then `isFinal`, then the close.
 * `auto_mode` speaks each text as it comes, which is for whole clauses.
 */
export interface ReplyLine extends Spare {
  begin(handlers: ReplyHandlers): void
  say(text: string): void
  /** No more text comes. */
  end(): void
}

export interface ReplyHandlers {
  onAudio(audio: Uint8Array): void
  /** Times of the characters of the audio that was told last. */
  onTimes(alignment: Alignment): void
  /** Everything was spoken. */
  onFinal(): void
  onLost(error: ProviderError): void
}

export interface ReplyLineParts {
  readonly params: TtsParams
  readonly context: PluginContext
  readonly faults: FaultRules
}

type Asked = Pick<TtsRequest, 'language' | 'format'>

export async function openReplyLine(
  { params, context, faults }: ReplyLineParts,
  asked: Asked,
  signal: AbortSignal,
): Promise<ReplyLine> {
  let handlers: ReplyHandlers | undefined
  let lost: ProviderError | true | undefined

  function lose(error: ProviderError): void {
    lost ??= error
    const speaking = handlers
    handlers = undefined
    speaking?.onLost(error)
  }
  function read(text: string): void {
    const message = jsonMessage(text)
    const { audio, alignment, isFinal } = message ?? {}
    if (message === undefined) return context.metrics.count('elevenlabs_tts_odd_messages_total')
    if (typeof message.error === 'string' || typeof message.message === 'string')
      return lose(faultIn(message, faults))
    if (typeof audio === 'string' && audio !== '') {
      // The times first: they belong to what begins here.
      const times = alignmentOf(alignment)
      if (times !== undefined) handlers?.onTimes(times)
      else if (alignment !== null && alignment !== undefined)
        context.metrics.count('elevenlabs_tts_odd_words_total')
      handlers?.onAudio(Buffer.from(audio, 'base64'))
    } else if (isFinal !== true) context.metrics.count('elevenlabs_tts_odd_messages_total')
    if (isFinal === true) handlers?.onFinal()
  }

  const socket = await openWireSocket(
    {
      url: addressFor(params, asked),
      headers: authorization(params),
      faults,
      clock: context.clock,
      signal,
      openLimitMs: params.open_timeout_ms,
    },
    { onText: read, onLost: lose },
  )
  const send = (message: object): void => socket.send(JSON.stringify(message))

  return {
    get usable() {
      return lost === undefined && handlers === undefined
    },
    begin(speakFor) {
      if (isProviderError(lost)) return speakFor.onLost(lost)
      handlers = speakFor
      const settings = settingsOf(params)
      send({ text: ' ', ...(settings !== undefined && { voice_settings: settings }) })
    },
    say: (text) => send({ text: `${text} ` }),
    end: () => send({ text: '' }),
    close() {
      lost ??= true
      handlers = undefined
      return socket.close()
    },
  }
}

function addressFor(params: TtsParams, { language, format }: Asked): URL {
  const voice = encodeURIComponent(voiceFor(params, language))
  return addressOf(originOf(params).replace(/^http/, 'ws'), `/v1/text-to-speech/${voice}/stream-input`, {
    model_id: params.model,
    output_format: formatNameOf(format),
    language_code: languageCodeOf(language ?? params.language),
    auto_mode: true,
    sync_alignment: true,
    inactivity_timeout: INACTIVITY_S,
    ...params.query,
  })
}

/** `{"message": …, "error": "voice_id_does_not_exist", "code": 1008}` */
function faultIn({ error, message }: Readonly<Record<string, unknown>>, faults: FaultRules): ProviderError {
  const said = [error, message].filter((part) => typeof part === 'string').join(': ')
  return faultOf({ errorClass: classOfWords(0, said) ?? 'bad-request', said }, faults)
}
