import { type AudioFormat, type Clock, isProviderError, type Metrics, type ProviderError } from '@kav/core'
import { addressOf, faultOf, type FaultRules, jsonMessage, openWireSocket, type Spare } from '@kav/core/kit'
import { authorization, originOf } from '../connection.ts'
import { createFlushBudget } from './flush-budget.ts'
import { speakQuery } from './speak-query.ts'
import type { TtsParams } from './tts-params.ts'

/**
 * One connection to `/v1/speak` (deepgram-api-specs, asyncapi.yml, "SpeakV1"): `Speak` adds text, `Flush` has all of it
 * spoken and is answered with `Flushed` behind its audio, `Clear` forgets text and audio and is answered with `Cleared`.
 * It takes 20 flushes a minute (developers.deepgram.com/docs/tts-ws-flush); what is over that is a `Warning`.
 */
export interface SpeakLine extends Spare {
  /** From now on it speaks for these. */
  begin(handlers: SpeakHandlers): void
  /** Everything was said: it is free. */
  rest(): void
  say(text: string): void
  /** `false`: none is left in this minute. `last`: the one that ends a reply, for which one is kept. */
  flush(last: boolean): boolean
  /** Forgets what it was saying. Resolves when nothing of it can come any more, or when it is no longer usable. */
  clear(): Promise<void>
}

export interface SpeakHandlers {
  onAudio(bytes: Uint8Array): void
  /** Everything up to one `flush` was spoken. */
  onFlushed(): void
  onLost(error: ProviderError): void
}

export interface SpeakLineParts {
  readonly params: TtsParams
  readonly voice: string
  readonly format: AudioFormat
  readonly faults: FaultRules
  readonly clock: Clock
  readonly metrics: Metrics
}

/** With fewer a line begins no reply: it would have to wait with what it says, and might not be able to end it. */
const FLUSHES_A_REPLY = 10
/** A line that does not say `Cleared` by then is not worth waiting for. */
const CLEAR_LIMIT_MS = 1_000

export async function openSpeakLine(parts: SpeakLineParts, signal: AbortSignal): Promise<SpeakLine> {
  const { params, clock, faults, metrics } = parts
  let handlers: SpeakHandlers | undefined
  let lost: ProviderError | true | undefined
  let onCleared: (() => void) | undefined
  const flushes = createFlushBudget(clock)

  function lose(error: ProviderError): void {
    lost = error
    onCleared?.()
    const speaking = handlers
    handlers = undefined
    speaking?.onLost(error)
  }
  function read(text: string): void {
    const { type, code, description } = jsonMessage(text) ?? {}
    if (type === 'Flushed') handlers?.onFlushed()
    else if (type === 'Cleared') onCleared?.()
    else if (type === 'Warning') metrics.count('deepgram_tts_warnings_total')
    else if (type === 'Error') {
      const said = [code, description].filter((part) => typeof part === 'string').join(': ')
      lose(faultOf({ errorClass: 'bad-request', said: said || 'an error without a reason' }, faults))
    } else if (type !== 'Metadata') metrics.count('deepgram_tts_odd_messages_total')
  }

  const socket = await openWireSocket(
    {
      url: addressFor(parts),
      headers: authorization(params),
      faults,
      clock,
      signal,
      openLimitMs: params.open_timeout_ms,
    },
    { onText: read, onBytes: (bytes) => handlers?.onAudio(bytes), onLost: lose },
  )
  const send = (message: object): void => socket.send(JSON.stringify(message))
  const close = (): Promise<void> => {
    lost = true
    return socket.close()
  }

  return {
    get usable() {
      return lost === undefined && handlers === undefined && flushes.left() >= FLUSHES_A_REPLY
    },
    begin(speakFor) {
      if (isProviderError(lost)) speakFor.onLost(lost)
      else handlers = speakFor
    },
    rest() {
      handlers = undefined
    },
    say: (text) => send({ type: 'Speak', text }),
    flush(last) {
      if (flushes.left() <= (last ? 0 : 2)) return false
      flushes.flushed()
      send({ type: 'Flush' })
      return true
    },
    async clear() {
      handlers = undefined
      if (lost !== undefined) return
      const cleared = new Promise<void>((resolve) => {
        const cancel = clock.after(CLEAR_LIMIT_MS, () => {
          void close()
          resolve()
        })
        onCleared = () => {
          onCleared = undefined
          cancel()
          resolve()
        }
      })
      send({ type: 'Clear' })
      await cleared
    },
    close,
  }
}

function addressFor({ params, voice, format }: SpeakLineParts): URL {
  return addressOf(originOf(params).replace(/^http/, 'ws'), '/v1/speak', speakQuery(params, voice, format))
}
