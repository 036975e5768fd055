import type { PluginContext } from '@kav/core'

/** Called for each message of a server that is not what it should be, and is therefore left out. */
export type OnOddEvent = (name: string, why: string) => void

/** Counts them all, and logs the first of a session: a server that sends one sends many. */
export function createOddEvents(
  { metrics, log }: PluginContext,
  callId: string,
  counter: 'openai_stt_odd_events_total' | 'openai_realtime_odd_events_total',
): OnOddEvent {
  let logged = false
  return (event, why) => {
    metrics.count(counter, 1, { event })
    if (logged) return
    logged = true
    log.warn({ call: callId, event, why }, 'the server sent an event that cannot be read; it is left out')
  }
}
