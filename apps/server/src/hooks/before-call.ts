import {
  type Clock,
  type InsteadOfCall,
  type Logger,
  type Metrics,
  type OfferedCall,
  isProviderError,
  ProviderError,
} from '@kav/core'
import { createBreaker } from '@kav/core/host'
import { limitLog } from '@kav/core/kit'
import { type HookAnswer, readHookAnswer } from './hook-answer.ts'
import type { CallTraces } from '../traces/call-traces.ts'
import { type HookTarget, postHook } from './post-hook.ts'

/** The operator's service that is asked about a call before it is answered. */
export interface BeforeCall {
  /**
   * Within the hook's time, whatever the service does. Never rejects: one that fails says what `on_error` says.
   * @param pipelines names of those that the call may go to
   */
  ask(call: OfferedCall, pipelines: readonly string[]): Promise<HookAnswer>
}

export interface BeforeCallSettings extends HookTarget {
  readonly onError: 'answer' | 'refuse'
  readonly names: readonly string[]
}

/** Calls that may wait for it at once: beyond, a slow service would have all of them. */
export const MAX_ASKING = 200
const NOTHING_SAID: HookAnswer = { values: {}, faults: [] }

export function createBeforeCall(options: {
  readonly settings: BeforeCallSettings
  readonly pipelineName: string
  /** What a caller gets who is turned away since the hook failed. */
  readonly instead: InsteadOfCall
  /** Absent: calls are not traced. */
  readonly traceparentOf?: CallTraces['traceparentOf'] | undefined
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}): BeforeCall {
  const { settings, pipelineName, instead, clock, metrics } = options
  const log = limitLog({ log: options.log, clock, metrics })
  const breaker = createBreaker({
    nowMs: clock.nowMs,
    liveTries: true,
    onChange(state) {
      if (state === 'half-open') return
      const told = { state, error: breaker.fault?.message }
      if (state === 'open') log.warn(told, 'HOOK: before_call is down, calls are taken without it')
      else log.info(told, 'HOOK: before_call is asked again')
    },
  })
  let asking = 0

  function without(outcome: string): HookAnswer {
    metrics.count('before_call_total', 1, { outcome })
    return settings.onError === 'answer' ? NOTHING_SAID : { ...NOTHING_SAID, instead, failed: true }
  }

  /** While it is down one call in a while tries it; the others lose no time. */
  const isDown = (): boolean => breaker.state === 'half-open' || (breaker.state === 'open' && !breaker.due)

  async function exchange(call: OfferedCall, pipelines: readonly string[]): Promise<HookAnswer> {
    const { id: callId, from, to, values = {} } = call
    const body = JSON.stringify({ type: 'before_call', callId, from, to, pipeline: pipelineName, values })
    const trial = breaker.begin()
    const startedMs = clock.nowMs()
    const traceparent = options.traceparentOf?.({ id: callId, traceparent: values['traceparent'] })
    try {
      const { text, cut } = await postHook(settings, body, clock, { traceparent })
      trial.succeeded()
      const answer = readHookAnswer(cut ? '' : text, { names: settings.names, pipelines })
      const faults = cut ? ['the answer: more than 64 KB; answer less'] : answer.faults
      if (faults.length > 0) {
        metrics.count('before_call_faults_total', faults.length)
        log.warn({ call: callId, private: { faults } }, 'HOOK: before_call said what cannot be used')
      }
      metrics.count('before_call_total', 1, { outcome: answer.instead ? 'refused' : 'ok' })
      return answer
    } catch (thrown) {
      const error = isProviderError(thrown) ? thrown : new ProviderError('bad-data', String(thrown))
      trial.failed(error)
      log.warn({ call: callId, code: error.code, error: error.message }, 'HOOK: before_call failed')
      return without(error.class === 'timeout' ? 'timeout' : 'failed')
    } finally {
      metrics.observe('before_call_ms', clock.nowMs() - startedMs)
    }
  }

  return {
    async ask(call, pipelines) {
      if (isDown()) return without('down')
      if (asking >= MAX_ASKING) return without('busy')
      asking++
      try {
        return await exchange(call, pipelines)
      } finally {
        asking--
      }
    },
  }
}
