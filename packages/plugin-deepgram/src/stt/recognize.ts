import { type PluginContext, type SttSessionOptions, Type } from '@kav/core'
import { createForeignReader, faultOf, type FaultRules, jsonMessage, textRequest } from '@kav/core/kit'
import { authorization } from '../connection.ts'
import { recognizeAddress } from './listen-address.ts'
import { MAX_TEXT_CHARS } from './message-fields.ts'
import type { SttParams } from './stt-params.ts'

/** No answer about one utterance is longer. */
const MAX_ANSWER_BYTES = 4_000_000

const readAnswer = createForeignReader(
  Type.Object({
    results: Type.Object({
      channels: Type.Array(
        Type.Object({
          alternatives: Type.Array(Type.Object({ transcript: Type.String({ maxLength: MAX_TEXT_CHARS }) })),
        }),
      ),
    }),
  }),
)

interface Recognition {
  readonly params: SttParams
  readonly context: PluginContext
  readonly faults: FaultRules
  /** Aborts when the provider closes. */
  readonly closed: AbortSignal
}

/** One utterance in one request. Its audio is lent until this settles. */
export async function recognizeUtterance(
  { params, context, faults, closed }: Recognition,
  audio: Uint8Array,
  options: Omit<SttSessionOptions, 'region'>,
): Promise<string> {
  const answer = await textRequest({
    url: recognizeAddress(params, options),
    headers: { ...authorization(params), 'content-type': 'application/octet-stream' },
    body: audio,
    faults,
    clock: context.clock,
    signals: [options.signal, closed],
    limitMs: params.recognize_timeout_ms,
    maxBytes: MAX_ANSWER_BYTES,
  })
  const read = readAnswer(jsonMessage(answer))
  if (!read.ok)
    throw faultOf({ errorClass: 'bad-data', said: `an answer without a transcript (${read.why})` }, faults)
  return read.value.results.channels[0]?.alternatives[0]?.transcript ?? ''
}
