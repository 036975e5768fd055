import { ProviderError, asProviderError, type PluginContext, type TtsRequest } from '@kav/core'
import { createPushQueue, isSayable } from '@kav/core/kit'
import type { LinePool } from './line-pool.ts'
import type { ResolvedParams } from './params.ts'
import { toSsml } from './ssml.ts'
import type { VoiceLine } from './voice-line.ts'

const BYTES_PER_MS = 8

/**
 * One sentence: its audio as it comes. A line that turns out dead before its first audio is replaced once, since an
 * idle connection may have been closed unseen; later faults are the core's to judge.
 */
export async function* speakSentence(
  given: { readonly params: ResolvedParams; readonly context: PluginContext; readonly pool: LinePool },
  request: TtsRequest,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (!isSayable(request.text) || signal.aborted) return
  const { params, context, pool } = given
  const ssml = toSsml(params, request.text, request.language)
  for (let again = false; ; again = true) {
    const line = await taken(pool, request.callId, signal)
    if (line === undefined) return
    const used = line.uses > 0
    let sentBytes = 0
    try {
      for await (const chunk of audioOf(line, ssml, request, given, signal)) {
        sentBytes += chunk.length
        yield chunk
      }
      return
    } catch (thrown) {
      const error = asProviderError(thrown, 'Azure Speech synthesis')
      if (signal.aborted) return
      if (sentBytes === 0 && error.retryable && used && !again) {
        context.metrics.count('azure_tts_stale_connections_total')
        continue
      }
      context.metrics.count('azure_tts_errors_total', 1, { class: error.class })
      if (sentBytes === 0) throw error
      throw new ProviderError(
        error.class,
        `${error.message} (cut after ${Math.round(sentBytes / BYTES_PER_MS)} ms of a sentence)`,
        { retryable: error.retryable, details: { ...error.details, spokenMs: sentBytes / BYTES_PER_MS } },
      )
    }
  }
}

async function taken(pool: LinePool, callId: string, signal: AbortSignal): Promise<VoiceLine | undefined> {
  try {
    return await pool.take(callId, signal)
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}

/** Audio of one sentence on one line. However it ends, the line goes back to the pool or is closed. */
async function* audioOf(
  line: VoiceLine,
  ssml: string,
  request: TtsRequest,
  given: { readonly params: ResolvedParams; readonly context: PluginContext; readonly pool: LinePool },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { params, context, pool } = given
  if (signal.aborted) return pool.drop(line)
  const audio = createPushQueue<Uint8Array>()
  let whole = false
  let stopTimer: () => void = () => undefined

  function awaitNext(): void {
    stopTimer()
    stopTimer = context.clock.after(params.stall_timeout_ms, () => {
      fail(new ProviderError('timeout', `Azure Speech synthesis: no audio for ${params.stall_timeout_ms} ms`))
    })
  }

  function fail(error: ProviderError): void {
    stopTimer()
    audio.fail(error)
  }

  const onAbort = (): void => {
    pool.drop(line)
    audio.discard()
  }
  signal.addEventListener('abort', onAbort, { once: true })
  awaitNext()
  line.speak(ssml, {
    onAudio(chunk) {
      audio.push(chunk)
      if (!audio.ended) awaitNext()
    },
    ...(request.onWord !== undefined && {
      onWord(word: string, startMs: number) {
        request.onWord?.({ word, startMs })
      },
    }),
    onEnd() {
      stopTimer()
      whole ||= !audio.ended
      audio.end()
    },
    onFault: fail,
  })
  try {
    yield* audio.items
  } finally {
    stopTimer()
    signal.removeEventListener('abort', onAbort)
    if (whole) pool.give(line)
    else pool.drop(line)
  }
}
