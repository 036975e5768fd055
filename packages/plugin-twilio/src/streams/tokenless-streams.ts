import type { PluginContext } from '@kav/core'

const TELL_AFTER_MS = 60_000

/**
 * Says in the log that streams come without a token: the first, and then once a minute at most, with how many came
 * since the last line. They are what `stream_token: optional` asks for, and they are not to come unnoticed.
 */
export function createTokenlessNotice({ log, metrics, clock }: PluginContext): (callSid: string) => void {
  let untold = 0
  let toldAtMs = -Infinity
  return (callSid) => {
    metrics.count('twilio_streams_without_token_total')
    untold++
    const nowMs = clock.nowMs()
    if (nowMs - toldAtMs < TELL_AFTER_MS) return
    log.info({ call: callSid, streams: untold }, 'TWILIO: streams came without a token')
    untold = 0
    toldAtMs = nowMs
  }
}
