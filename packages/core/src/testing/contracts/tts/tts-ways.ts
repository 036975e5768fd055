import type { TtsProvider, TtsRequest } from '../../../contracts/index.ts'
import { turn } from '../common/contract-case.ts'

/** A way to have clauses spoken. What holds of `speak` holds of `speakReply`, which the core prefers. */
export interface TtsWay {
  readonly name: 'speak' | 'speakReply'
  /** What the names of its cases begin with. */
  readonly prefix: string
  isOf(provider: TtsProvider): boolean
  /** Has them spoken; the text of the request is the way's own. */
  speak(
    provider: TtsProvider,
    clauses: readonly string[],
    request: TtsRequest,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array>
}

export const SPEAK: TtsWay = {
  name: 'speak',
  prefix: '',
  isOf: () => true,
  speak: (provider, clauses, request, signal) =>
    provider.speak({ ...request, text: clauses.join(' ') }, signal),
}

export const SPEAK_REPLY: TtsWay = {
  name: 'speakReply',
  prefix: 'speakReply: ',
  isOf: ({ speakReply }) => speakReply !== undefined,
  speak: (provider, clauses, request, signal) =>
    provider.speakReply!(inTurn(clauses), { ...request, text: '' }, signal),
}

export const TTS_WAYS: readonly TtsWay[] = [SPEAK, SPEAK_REPLY]

/** Clauses as they are written: one after the other, each when it is asked for. */
export async function* inTurn(clauses: readonly string[]): AsyncGenerator<string> {
  for (const clause of clauses) {
    yield clause
    await turn()
  }
}
