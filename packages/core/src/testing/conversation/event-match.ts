import type { CallEvent } from '../../telemetry/call-events.ts'
import type { ExpectedEvent } from './step-schema.ts'

const VOICE_ON: readonly string[] = ['turn_latency', 'greeting_queued', 'resumed', 'agent_said']
const VOICE_OFF: readonly string[] = ['reply_ended', 'greeting_end', 'interrupted', 'paused', 'prompt_ended']

/** Whether the agent is being heard, as far as the events tell. */
export function agentSpeaks(events: readonly CallEvent[]): boolean {
  const on = events.findLastIndex((event) => VOICE_ON.includes(event.event))
  return on > events.findLastIndex((event) => VOICE_OFF.includes(event.event))
}

export function saidText(event: CallEvent, expected: string): boolean {
  return event.event === 'agent_said' && fits(String(event.private['text']), expected)
}

export function matches(event: CallEvent, expected: ExpectedEvent): boolean {
  if (event.event !== expected.event) return false
  if (expected.text !== undefined && !fits(String(event.private['text']), expected.text)) return false
  if (expected.heard !== undefined && !fits(String(event.private['heard']), expected.heard)) return false
  return Object.entries(expected.fields ?? {}).every(([name, value]) => fitsField(event.fields[name], value))
}

/** `text` holds `expected`, or fits it when it is written as `/…/`. */
export function fits(text: string, expected: string): boolean {
  const pattern = /^\/(.*)\/([a-z]*)$/su.exec(expected)
  return pattern ? new RegExp(pattern[1]!, pattern[2]).test(text) : text.includes(expected)
}

function fitsField(found: unknown, expected: unknown): boolean {
  const bound = typeof expected === 'string' ? /^(<=|>=)\s*(\d+(?:\.\d+)?)$/.exec(expected) : null
  if (!bound) return found === expected
  if (typeof found !== 'number') return false
  return bound[1] === '<=' ? found <= Number(bound[2]) : found >= Number(bound[2])
}

/** What the agent said from this event on, for a message. */
export function saidSince(events: readonly CallEvent[], from: number): string {
  const said = events.slice(from).filter((event) => event.event === 'agent_said')
  return said.length === 0 ? 'nothing' : said.map((event) => show(String(event.private['text']))).join(', ')
}

/** Every event of this name with what it tells, for a message. */
export function showEvents(events: readonly CallEvent[], name: string): string {
  const same = events.filter((event) => event.event === name)
  const shown = same.map((event) => JSON.stringify({ ...event.fields, ...event.private }))
  return same.length === 0 ? `no ${name}` : shown.join(', ')
}

export function show(text: string): string {
  return JSON.stringify(text)
}
