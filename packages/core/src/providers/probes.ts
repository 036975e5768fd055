import type { Clock } from '../contracts/clock.ts'
import { bytesPerSecond } from '../contracts/audio.ts'
import { ProviderError } from '../contracts/errors.ts'
import type { LlmProvider } from '../contracts/llm.ts'
import type { RealtimeProvider } from '../contracts/realtime.ts'
import type { SttProvider } from '../contracts/stt.ts'
import type { TtsProvider } from '../contracts/tts.ts'
import { delay } from '../kit/deadline.ts'
import { timedIteration, untimedIteration } from '../kit/timed-iteration.ts'
import type { Probe } from './provider-health.ts'

/**
 * The least that tells a provider that works from one that only answers: `warm` would do neither, since a voice that
 * hangs keeps its connection. A word is synthesised to its end; a model begins to answer one and goes on; a session
 * opens and is still there a second later.
 */
export const PROBE_CALL_ID = 'probe'
/** The same in every language, and one character to pay for. */
const WORD = '1'
/** No voice takes longer for it. */
const MOST_MS = 20_000
/** A session that opens is quick enough when no second try would have been started beside it. */
const SETTLED_MS = 1000

interface AnswerLimits {
  readonly limitMs: number
  readonly clock: Clock
}

export function llmProbe(provider: LlmProvider, { limitMs, clock }: AnswerLimits): Probe {
  const request = {
    callId: PROBE_CALL_ID,
    messages: [{ role: 'user', content: WORD }] as const,
    tools: [],
  }
  return {
    // As a call waits: for the beginning, and once more behind it. Some begin, and then say nothing more.
    limitMs: 2 * limitMs,
    async run(signal) {
      const waits = { clock, firstMs: limitMs, idleMs: limitMs, what: 'llm', signal }
      let begun = false
      for await (const event of timedIteration(provider.reply(request, signal), waits)) {
        if (event.type === 'end' || (begun && event.type !== 'usage')) return
        begun ||= event.type !== 'usage'
      }
      throw new ProviderError('network', 'the answer was cut off before its end')
    },
  }
}

export function ttsProbe(provider: TtsProvider, { limitMs, clock }: AnswerLimits): Probe {
  return {
    limitMs,
    async run(signal) {
      const format = provider.produces[0]
      if (!format) throw new ProviderError('bad-request', 'produces no audio format')
      const speech = provider.speak({ callId: PROBE_CALL_ID, text: WORD, format }, signal)
      const chunks = untimedIteration(speech, { clock, what: 'tts', signal })
      const mostBytes = (MOST_MS * bytesPerSecond(format)) / 1000
      let bytes = 0
      for await (const audio of chunks) {
        bytes += audio.byteLength
        if (bytes > mostBytes) throw new ProviderError('bad-data', 'a word that does not end')
      }
      if (bytes === 0) throw new ProviderError('bad-data', 'no audio')
    },
  }
}

export function sttProbe(
  provider: SttProvider,
  region: string | undefined,
  { hints, ...limits }: { openMs: number; clock: Clock; hints: readonly string[] },
): Probe {
  return sessionProbe(limits, (signal) => {
    const format = provider.accepts[0]
    if (!format) throw new ProviderError('bad-request', 'accepts no audio format')
    const where = region === undefined ? {} : { region }
    return provider.openSession({ callId: PROBE_CALL_ID, format, hints, signal, ...where })
  })
}

export function realtimeProbe(provider: RealtimeProvider, limits: { openMs: number; clock: Clock }): Probe {
  return sessionProbe(limits, (signal) => {
    const format = provider.formats[0]
    if (!format) throw new ProviderError('bad-request', 'carries no audio format')
    const options = { callId: PROBE_CALL_ID, format, instructions: '', tools: [], hints: [], history: [] }
    return provider.openSession({ ...options, signal })
  })
}

function sessionProbe(
  limits: { openMs: number; clock: Clock },
  open: (signal: AbortSignal) => Promise<{ readonly events: AsyncIterable<unknown>; close(): Promise<void> }>,
): Probe {
  return {
    limitMs: limits.openMs + SETTLED_MS,
    async run(signal) {
      const { clock, openMs } = limits
      const startedMs = clock.nowMs()
      const session = await open(signal)
      try {
        const tookMs = Math.round(clock.nowMs() - startedMs)
        if (tookMs > openMs) throw new ProviderError('timeout', `open only after ${tookMs} ms`)
        await Promise.race([
          delay(clock, SETTLED_MS, signal),
          endOf(untimedIteration(session.events, { clock, what: 'session', signal })),
        ])
      } finally {
        await session.close()
      }
    },
  }
}

/** Rejects when the session dies or ends; nothing else is expected of one that hears nothing. */
async function endOf(events: AsyncIterable<unknown>): Promise<never> {
  for await (const _event of events);
  throw new ProviderError('session-limit', 'the session ended by itself')
}
