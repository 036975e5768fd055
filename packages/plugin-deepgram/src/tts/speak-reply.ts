import { type Clock, ProviderError } from '@kav/core'
import { createPushQueue, isSayable, splitText } from '@kav/core/kit'
import type { SpeakLine } from './speak-line.ts'
import { MAX_TEXT_CHARS } from './speak-query.ts'
import type { TtsParams } from './tts-params.ts'

export interface SpokenReply {
  readonly line: SpeakLine
  readonly params: TtsParams
  readonly clock: Clock
  readonly doing: string
}

/**
 * One reply on a line of its own: clauses go in as they come, audio comes out. The first clause is flushed at once, the
 * rest when nothing follows it for a moment, for flushes are counted. Ends when the last flush was answered.
 */
export async function* speakOnLine(
  { line, params, clock, doing }: SpokenReply,
  clauses: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const audio = createPushQueue<Uint8Array>()
  const source = clauses[Symbol.asyncIterator]()
  let unflushed = false
  let owed = 0
  let written = false
  let begun = false
  let cancelFlush: () => void = () => undefined
  let cancelStall: () => void = () => undefined

  function flush(last = false): void {
    cancelFlush()
    if (!unflushed) return
    if (!line.flush(last)) {
      if (last)
        audio.fail(new ProviderError('quota', `${doing}: over 20 flushes in a minute on one connection`))
      return
    }
    unflushed = false
    if (owed++ === 0) awaitAudio()
  }
  function awaitAudio(): void {
    cancelStall()
    const limitMs = begun ? params.idle_timeout_ms : params.first_audio_timeout_ms
    cancelStall = clock.after(limitMs, () =>
      audio.fail(new ProviderError('timeout', `${doing}: no audio for ${limitMs} ms`)),
    )
  }
  function endIfSaid(): void {
    if (written && owed === 0 && !unflushed) audio.end()
  }

  async function write(): Promise<void> {
    for (;;) {
      const next = await source.next()
      if (next.done === true || audio.ended) break
      if (!isSayable(next.value)) continue
      for (const piece of splitText(next.value, MAX_TEXT_CHARS - 1)) line.say(`${piece} `)
      const isFirst = !unflushed && owed === 0 && !begun
      unflushed = true
      cancelFlush()
      if (isFirst) flush()
      else cancelFlush = clock.after(params.flush_after_ms, flush)
    }
    written = true
    flush(true)
    endIfSaid()
  }

  const onAbort = (): void => audio.discard()
  signal.addEventListener('abort', onAbort, { once: true })
  line.begin({
    onAudio(bytes) {
      begun = true
      audio.push(bytes)
      if (owed > 0) awaitAudio()
    },
    onFlushed() {
      owed = Math.max(0, owed - 1)
      if (owed === 0) cancelStall()
      else awaitAudio()
      endIfSaid()
    },
    onLost: audio.fail,
  })
  try {
    write().catch(audio.fail)
    yield* audio.items
  } finally {
    cancelFlush()
    cancelStall()
    signal.removeEventListener('abort', onAbort)
    audio.discard()
    // Whoever writes the clauses may be in the middle of one: nobody waits for it.
    void Promise.resolve(source.return?.()).catch(() => undefined)
  }
}
