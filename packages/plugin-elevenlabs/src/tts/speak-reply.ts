import { type Clock, ProviderError, type TtsRequest } from '@kav/core'
import { createPushQueue, isSayable } from '@kav/core/kit'
import type { ReplyLine } from './reply-line.ts'
import { msOf } from './speak-request.ts'
import type { TtsParams } from './tts-params.ts'
import { createWordTimes } from './word-times.ts'

export interface SpokenReply {
  readonly line: ReplyLine
  readonly params: TtsParams
  readonly clock: Clock
  readonly doing: string
}

/**
 * One reply on its line: clauses go in as they come, audio and word times come out. Between clauses nothing is waited for,
 * since nobody knows how long the model thinks; the first audio and the rest after the last clause have a limit.
 */
export async function* speakOnLine(
  { line, params, clock, doing }: SpokenReply,
  clauses: AsyncIterable<string>,
  request: TtsRequest,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const audio = createPushQueue<Uint8Array>()
  const words = createWordTimes((time) => request.onWord?.(time))
  const source = clauses[Symbol.asyncIterator]()
  let bytes = 0
  let written = false
  let said = false
  let cancelLimit: () => void = () => undefined

  function limit(ms: number): void {
    cancelLimit()
    cancelLimit = clock.after(ms, () =>
      audio.fail(new ProviderError('timeout', `${doing}: no audio for ${ms} ms`)),
    )
  }
  async function write(): Promise<void> {
    for (;;) {
      const next = await source.next()
      if (next.done === true || audio.ended) break
      if (!isSayable(next.value)) continue
      if (!said) limit(params.first_audio_timeout_ms)
      said = true
      line.say(next.value.trim())
    }
    written = true
    if (!said) return audio.end()
    line.end()
    if (bytes > 0) limit(params.idle_timeout_ms)
  }

  const onAbort = (): void => audio.discard()
  signal.addEventListener('abort', onAbort, { once: true })
  line.begin({
    onTimes: (alignment) => words.add(alignment, msOf(bytes, request)),
    onAudio(piece) {
      bytes += piece.length
      cancelLimit()
      if (written) limit(params.idle_timeout_ms)
      audio.push(piece)
    },
    onFinal() {
      // Of what was said so far: there is more to say, or to find out that there is not.
      if (!written) return
      words.end()
      audio.end()
    },
    onLost: audio.fail,
  })
  try {
    write().catch(audio.fail)
    yield* audio.items
  } finally {
    cancelLimit()
    signal.removeEventListener('abort', onAbort)
    audio.discard()
    // Whoever writes the clauses may be in the middle of one: nobody waits for it.
    void Promise.resolve(source.return?.()).catch(() => undefined)
  }
}
