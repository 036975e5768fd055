import type { LlmMessage } from '../../contracts/llm.ts'
import type { CallEvent } from '../../telemetry/call-events.ts'
import type { ConversationScript, ConversationStep } from './script-schema.ts'
import type { ConversationStage } from './stage.ts'

export interface ScriptResult {
  readonly name: string
  readonly passed: boolean
  /** Which step failed (from 1), and why. */
  readonly failure?: { readonly step: number; readonly message: string }
  readonly events: readonly CallEvent[]
}

/** A step waits this long for what it expects, unless it says otherwise. */
const PATIENCE_MS = 5000
const LONG_PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 20

/** Plays a script on a stage. Never rejects for what the agent does: that is a failure with its step. */
export async function runConversationScript(
  script: ConversationScript,
  stage: ConversationStage,
): Promise<ScriptResult> {
  const play = createPlayer(stage)
  let step = 0
  try {
    for (const each of script.steps) {
      step++
      await play(each)
    }
    return { name: script.name, passed: true, events: stage.events }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { name: script.name, passed: false, failure: { step, message }, events: stage.events }
  } finally {
    await stage.close()
  }
}

function createPlayer(stage: ConversationStage): (step: ConversationStep) => Promise<void> {
  /** Events before this were already taken by a `says`. */
  let seen = 0

  async function until(condition: () => boolean, withinMs: number, otherwise: () => string): Promise<void> {
    const limitMs = stage.nowMs + withinMs
    while (!condition()) {
      if (stage.nowMs >= limitMs) throw new Error(otherwise())
      await stage.silence(LOOK_EVERY_MS)
    }
  }

  async function says(expected: string): Promise<void> {
    const found = (): number =>
      stage.events.findIndex((event, index) => index >= seen && saidText(event, expected))
    await until(
      () => found() >= 0,
      PATIENCE_MS,
      () => `the agent did not say ${show(expected)}; since then: ${saidSince(stage.events, seen)}`,
    )
    seen = found() + 1
  }

  async function expects(expected: NonNullable<ConversationStep['expects']>): Promise<void> {
    const matching = (): number => stage.events.filter((event) => matches(event, expected)).length
    if (expected.count !== undefined && expected.within_ms === undefined) {
      if (matching() === expected.count) return
      throw new Error(`${expected.event} happened ${matching()} time(s), expected ${expected.count}`)
    }
    const count = expected.count ?? 1
    await until(
      () => matching() >= count,
      expected.within_ms ?? PATIENCE_MS,
      () =>
        `${expected.event} did not happen as expected; there was: ${namesOf(stage.events, expected.event)}`,
    )
  }

  function remembers(expected: NonNullable<ConversationStep['remembers']>): void {
    if (!stage.context) return
    const said = stage.context.filter((message) => message.role === 'user' || message.role === 'assistant')
    const tail = said.slice(-expected.length)
    const wrong = expected.some(({ who, text }, index) => {
      const message = tail[index]
      return message?.role !== (who === 'caller' ? 'user' : 'assistant') || !fits(message.content, text)
    })
    if (wrong) throw new Error(`the model's context ends with: ${tail.map(showMessage).join(' | ')}`)
  }

  /** Until the agent is heard, and this far into it. */
  async function agentSpeaking(ms: number): Promise<void> {
    const speaking = (): boolean =>
      stage.events.findLastIndex(isVoiceOn) > stage.events.findLastIndex(isVoiceOff)
    await until(speaking, PATIENCE_MS, () => 'the agent did not begin to speak')
    await stage.silence(ms)
  }

  return async (step) => {
    if (step.hears !== undefined) return stage.hear(step.hears)
    if (step.noise_ms !== undefined) return stage.noise(step.noise_ms)
    if (step.silence_ms !== undefined) return stage.silence(step.silence_ms)
    if (step.no_media_ms !== undefined) return stage.noMedia(step.no_media_ms)
    if (step.keys !== undefined) return stage.press(step.keys)
    if (step.says !== undefined) return says(step.says)
    if (step.expects !== undefined) return expects(step.expects)
    if (step.remembers !== undefined) return remembers(step.remembers)
    if (step.interrupts_at !== undefined) {
      await agentSpeaking(step.interrupts_at.ms)
      return stage.hear(step.interrupts_at.hears)
    }
    if (step.finishes !== undefined) {
      const over = (): boolean =>
        stage.events.findLastIndex(isVoiceOff) > stage.events.findLastIndex(isVoiceOn)
      return until(over, LONG_PATIENCE_MS, () => 'the agent was not heard to its end')
    }
    if (step.says_nothing_ms !== undefined) {
      const before = stage.events.length
      await stage.silence(step.says_nothing_ms)
      const said = stage.events.slice(before).find((event) => event.event === 'agent_said')
      if (said) throw new Error(`the agent said ${show(String(said.private['text']))}`)
      return
    }
    if (step.hangs_up === 'caller') return stage.hangUp()
    await until(
      () => stage.endedBy !== undefined,
      LONG_PATIENCE_MS,
      () => 'nobody ended the call',
    )
    if (stage.endedBy !== 'agent') throw new Error(`the call was ended by ${stage.endedBy}`)
  }
}

const VOICE_ON: readonly string[] = ['turn_latency', 'greeting_queued', 'resumed', 'agent_said']
const VOICE_OFF: readonly string[] = ['reply_ended', 'greeting_end', 'interrupted', 'paused', 'prompt_ended']

function isVoiceOn(event: CallEvent): boolean {
  return VOICE_ON.includes(event.event)
}

function isVoiceOff(event: CallEvent): boolean {
  return VOICE_OFF.includes(event.event)
}

function saidText(event: CallEvent, expected: string): boolean {
  return event.event === 'agent_said' && fits(String(event.private['text']), expected)
}

function matches(event: CallEvent, expected: NonNullable<ConversationStep['expects']>): boolean {
  if (event.event !== expected.event) return false
  if (expected.text !== undefined && !fits(String(event.private['text']), expected.text)) return false
  if (expected.heard !== undefined && !fits(String(event.private['heard']), expected.heard)) return false
  return Object.entries(expected.fields ?? {}).every(([name, value]) => event.fields[name] === value)
}

function fits(text: string, expected: string): boolean {
  const pattern = /^\/(.*)\/([a-z]*)$/su.exec(expected)
  return pattern ? new RegExp(pattern[1]!, pattern[2]).test(text) : text.includes(expected)
}

function saidSince(events: readonly CallEvent[], from: number): string {
  const said = events.slice(from).filter((event) => event.event === 'agent_said')
  return said.length === 0 ? 'nothing' : said.map((event) => show(String(event.private['text']))).join(', ')
}

function namesOf(events: readonly CallEvent[], name: string): string {
  const same = events.filter((event) => event.event === name)
  const shown = same.map((event) => JSON.stringify({ ...event.fields, ...event.private }))
  return same.length === 0 ? `no ${name}` : shown.join(', ')
}

function showMessage(message: LlmMessage): string {
  return `${message.role}: ${show('content' in message ? message.content : '')}`
}

function show(text: string): string {
  return JSON.stringify(text)
}
