import { parseJson, textUpTo } from '@kav/core/kit'
import type { OpenAI } from 'openai'
import type { Connection } from '../connection.ts'
import type { ApiPlace } from './base-url.ts'

/** A list of models that is longer is none: gateways with all models of the world have one of 2 MB. */
const MAX_ANSWER_BYTES = 8_388_608

/** The server as one check sees it. */
export interface LiveServer {
  readonly place: ApiPlace
  /** An answer of status 2xx; rejects with what the SDK throws. */
  get(url: string): Promise<unknown>
}

export async function openServer(
  connection: Connection,
  place: ApiPlace,
  signal: AbortSignal,
): Promise<LiveServer> {
  const client: OpenAI = await connection.client()
  return {
    place,
    async get(url) {
      const { body } = await client.get(url, { signal }).asResponse()
      const text = await textUpTo(body as AsyncIterable<Uint8Array> | null, MAX_ANSWER_BYTES)
      // The text, where it is no JSON.
      return parseJson(text) ?? text
    },
  }
}

/** An answer of another status than 2xx, as the SDK throws it. */
export type Refusal = Error & { readonly status: number }
export type Answer = { readonly json: unknown; readonly thrown?: undefined } | { readonly thrown: Refusal }

/** An answer with any status; rejects only when there is none. */
export async function answerOf(server: LiveServer, url: string): Promise<Answer> {
  try {
    return { json: await server.get(url) }
  } catch (thrown) {
    if (isRefusal(thrown)) return { thrown }
    throw thrown
  }
}

function isRefusal(thrown: unknown): thrown is Refusal {
  return thrown instanceof Error && typeof (thrown as { status?: unknown }).status === 'number'
}
