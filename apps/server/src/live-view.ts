import type { CallEvent } from '@kav/core/host'
import { CALL_EVENTS } from '@kav/core/host'

/** Renders a call's events for a person at a terminal, a line each as they happen. */
export function liveLine(event: CallEvent): string | undefined {
  const { message } = CALL_EVENTS[event.event]
  const text = event.private['text']
  const at = clock(event.atMs)
  switch (event.event) {
    case 'call_started':
      return `${at}  ${message} (${String(event.fields['format'])})`
    case 'rx_second':
    case 'tx_second':
      return `${at}  ${message} ${figures(event.fields)}`
    case 'turn_latency':
      return `${at}  ${message} turn ${String(event.fields['turn'])}: ${latency(event.fields)}`
    case 'interrupted':
    case 'paused':
      return `${at}  ${message} after ${String(event.fields['after_speech_ms'])} ms; heard ${quote(event.private['heard'])}`
    case 'call_ended':
      return `${at}  ${message} by ${String(event.fields['ended_by'])}`
    case 'agent_said':
      // The greeting was told when it was queued.
      return event.fields['turn'] === 0 ? undefined : `${at}  ${message} ${quote(text)}`
    case 'reply_started':
    case 'reply_ended':
      return undefined
    default:
      return `${at}  ${message}${text === undefined ? figuresAfter(event.fields) : ` ${quote(text)}`}`
  }
}

/** Speech end → turn end → first token → first audio → first frame on the wire, each in ms from the end of speech. */
function latency(fields: Readonly<Record<string, unknown>>): string {
  const turnEndMs = Number(fields['turn_end_ms'])
  const steps = [
    ['turn end', 'turn_end_ms'],
    ['first token', 'first_token_ms'],
    ['first audio', 'first_audio_ms'],
    ['first frame', 'first_frame_ms'],
  ] as const
  const parts = steps.flatMap(([name, key]) => {
    const value = fields[key]
    if (typeof value !== 'number') return []
    // A reply that was prepared while the rules still waited for the end of the turn.
    return [`${name} ${value}${value < turnEndMs ? ' (prepared)' : ''}`]
  })
  return `speech end → ${parts.join(' → ')} ms`
}

function figures(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'number' ? Number(value.toFixed(1)) : String(value)}`)
    .join(' ')
}

function figuresAfter(fields: Readonly<Record<string, unknown>>): string {
  const text = figures(fields)
  return text === '' ? '' : ` (${text})`
}

function quote(text: unknown): string {
  return `"${String(text)}"`
}

function clock(atMs: number): string {
  return (atMs / 1000).toFixed(2).padStart(6)
}
