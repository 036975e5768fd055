import { fakeSpeech, type HttpScript } from '@kav/core/testing'

/** An answer of Chat Completions, one chunk for each text, as api.openai.com streams it. */
export function chatText(texts: readonly string[], finishReason = 'stop'): HttpScript {
  return async ({ event, end }) => {
    await event(chatChunk({ delta: { role: 'assistant', content: '' } }))
    for (const text of texts) await event(chatChunk({ delta: { content: text } }))
    await event(chatChunk({ delta: {}, finish_reason: finishReason }))
    await event({ ...chatChunk(), choices: [], usage: CHAT_USAGE })
    await event('[DONE]')
    end()
  }
}

/** Tool calls of Chat Completions, their arguments in pieces of `pieceLength` characters. */
export function chatToolCalls(
  calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[],
  pieceLength = 5,
): HttpScript {
  return async ({ event, end }) => {
    for (const [index, call] of calls.entries()) {
      const head = { index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }
      await event(chatChunk({ delta: { tool_calls: [head] } }))
      for (let at = 0; at < call.arguments.length; at += pieceLength) {
        const piece = { index, function: { arguments: call.arguments.slice(at, at + pieceLength) } }
        await event(chatChunk({ delta: { tool_calls: [piece] } }))
      }
    }
    await event(chatChunk({ delta: {}, finish_reason: 'tool_calls' }))
    await event({ ...chatChunk(), choices: [], usage: CHAT_USAGE })
    await event('[DONE]')
    end()
  }
}

export const CHAT_USAGE = {
  prompt_tokens: 40,
  completion_tokens: 12,
  total_tokens: 52,
  prompt_tokens_details: { cached_tokens: 16 },
  completion_tokens_details: { reasoning_tokens: 4 },
}

/** One chunk of Chat Completions. */
export function chatChunk(choice?: Readonly<Record<string, unknown>>) {
  return {
    id: 'chatcmpl-loopback',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'loopback',
    choices: choice ? [{ index: 0, finish_reason: null, ...choice }] : [],
  }
}

/** A refusal in OpenAI's error shape. */
export function refusal(
  status: number,
  error: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): HttpScript {
  return ({ json }) => json(status, { error }, { 'x-request-id': 'req_loopback', ...headers })
}

/** Raw audio in chunks of the lengths given, over and over. */
export function speech(
  audio: Uint8Array,
  chunkBytes: readonly number[] = [4096],
  contentType = 'audio/pcm',
): HttpScript {
  return async ({ head, write, end }) => {
    head(200, { 'content-type': contentType })
    for (let at = 0, turn = 0; at < audio.length; turn++) {
      const length = chunkBytes[turn % chunkBytes.length]!
      await write(audio.subarray(at, at + length))
      at += length
    }
    end()
  }
}

/** Speaks every text: a tone as long as the text, 24 kHz PCM. */
export const anySpeech: HttpScript = (exchange) => {
  const audio = fakeSpeech(exchange.request.json.input, { encoding: 'linear16', sampleRateHz: 24_000 })
  return speech(audio, [4801, 4800])(exchange)
}

/** What `/audio/transcriptions` answers with `response_format: json`. */
export function transcript(text: string): HttpScript {
  return ({ json }) => json(200, { text, usage: { type: 'duration', seconds: 1 } })
}

/** Never answers. */
export const silence: HttpScript = () => undefined
