import type { LlmMessage } from '../../contracts/llm.ts'
import { agentSpeaks, fits, matches, saidSince, saidText, show, showEvents } from './event-match.ts'
import type { ConversationStage } from './stage.ts'
import type { ConversationStep, ExpectedEvent, RememberedLine } from './step-schema.ts'

const LONG_PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 20

const ROLES: Readonly<Record<RememberedLine['who'], LlmMessage['role']>> = {
  caller: 'user',
  agent: 'assistant',
  tool: 'tool',
}

async function until(
  stage: ConversationStage,
  condition: () => boolean,
  withinMs: number,
  otherwise: () => string,
): Promise<void> {
  const limitMs = stage.nowMs + withinMs
  while (!condition()) {
    if (stage.nowMs >= limitMs) throw new Error(otherwise())
    await stage.silence(LOOK_EVERY_MS)
  }
}

async function expects(stage: ConversationStage, expected: ExpectedEvent): Promise<void> {
  const matching = (): number => stage.events.filter((event) => matches(event, expected)).length
  if (expected.count !== undefined && expected.within_ms === undefined) {
    if (matching() === expected.count) return
    throw new Error(`${expected.event} happened ${matching()} time(s), expected ${expected.count}`)
  }
  const count = expected.count ?? 1
  await until(
    stage,
    () => matching() >= count,
    expected.within_ms ?? stage.patienceMs,
    () =>
      `${expected.event} did not happen as expected; there was: ${showEvents(stage.events, expected.event)}`,
  )
}

function remembers(stage: ConversationStage, expected: readonly RememberedLine[]): void {
  if (!stage.context) return
  const withTools = expected.some(({ who }) => who === 'tool')
  // A call that the model made without a word is no line of the agent's.
  const said = stage.context.filter(
    ({ role, content }) => role !== 'system' && (role === 'tool' ? withTools : content !== ''),
  )
  const tail = said.slice(-expected.length)
  const wrong = expected.some(({ who, text }, index) => {
    const message = tail[index]
    return message?.role !== ROLES[who] || !fits(message.content, text)
  })
  if (wrong) throw new Error(`the model's context ends with: ${tail.map(showMessage).join(' | ')}`)
}

function prompted(stage: ConversationStage, expected: string): void {
  if (!stage.context) return
  const prompt = stage.context.find((message) => message.role === 'system')?.content ?? ''
  if (!fits(prompt, expected)) throw new Error(`the model was told: ${show(prompt)}`)
}

async function pronounces(stage: ConversationStage, expected: string): Promise<void> {
  if (!stage.spoken) return
  await until(
    stage,
    () => stage.spoken!.some((text) => fits(text, expected)),
    stage.patienceMs,
    () => `the voice was given: ${stage.spoken!.map(show).join(', ')}`,
  )
}

/** Until the agent is heard, and this far into it. */
async function agentSpeaking(stage: ConversationStage, ms: number): Promise<void> {
  await until(
    stage,
    () => agentSpeaks(stage.events),
    stage.patienceMs,
    () => 'the agent did not begin to speak',
  )
  await stage.silence(ms)
}

async function saysNothing(stage: ConversationStage, ms: number): Promise<void> {
  const before = stage.events.length
  await stage.silence(ms)
  const said = stage.events.slice(before).find((event) => event.event === 'agent_said')
  if (said) throw new Error(`the agent said ${show(String(said.private['text']))}`)
}

async function endedBy(stage: ConversationStage, who: string): Promise<void> {
  await until(
    stage,
    () => stage.endedBy !== undefined,
    LONG_PATIENCE_MS,
    () => 'nobody ended the call',
  )
  if (stage.endedBy !== who)
    throw new Error(`the call was ended by ${String(stage.endedBy)}, expected: ${who}`)
}

async function transferredTo(stage: ConversationStage, number: string): Promise<void> {
  await endedBy(stage, 'transferred')
  if (stage.transferredTo !== undefined && stage.transferredTo !== number)
    throw new Error(`the call was handed over to ${stage.transferredTo}`)
}

/** What the caller does; on a call that is over there is nothing left to do. */
function act(stage: ConversationStage, step: ConversationStep): Promise<void> | undefined {
  const acts =
    step.hears ??
    step.interrupts_at ??
    step.noise_ms ??
    step.no_media_ms ??
    step.presses ??
    step.recogniser_dies
  if (acts === undefined) return undefined
  if (stage.endedBy !== undefined)
    throw new Error(`the call is over already (ended by ${stage.endedBy}); before that: ${lastSaid(stage)}`)
  if (step.hears !== undefined) return stage.hear(step.hears)
  if (step.noise_ms !== undefined) return stage.noise(step.noise_ms)
  if (step.no_media_ms !== undefined) return stage.noMedia(step.no_media_ms)
  if (step.presses !== undefined) return stage.press(step.presses)
  if (step.recogniser_dies !== undefined) return stage.killRecogniser()
  const { ms, hears } = step.interrupts_at!
  return agentSpeaking(stage, ms).then(() => stage.hear(hears))
}

function lastSaid(stage: ConversationStage): string {
  return saidSince(stage.events, Math.max(0, stage.events.length - 30))
}

/** Plays steps one after the other; each rejects with what is wrong in words for the operator. */
export function createPlayer(stage: ConversationStage): (step: ConversationStep) => Promise<void> {
  /** Events before this were already taken by a `says`. */
  let seen = 0

  async function says(expected: string): Promise<void> {
    const found = (): number =>
      stage.events.findIndex((event, index) => index >= seen && saidText(event, expected))
    await until(
      stage,
      () => found() >= 0,
      stage.patienceMs,
      () => `the agent did not say ${show(expected)}; since then: ${saidSince(stage.events, seen)}`,
    )
    seen = found() + 1
  }

  return async (step) => {
    const acted = act(stage, step)
    if (acted) return acted
    if (step.silence_ms !== undefined) return stage.silence(step.silence_ms)
    if (step.says !== undefined) return says(step.says)
    if (step.pronounces !== undefined) return pronounces(stage, step.pronounces)
    if (step.expects !== undefined) return expects(stage, step.expects)
    if (step.remembers !== undefined) return remembers(stage, step.remembers)
    if (step.prompted !== undefined) return prompted(stage, step.prompted)
    if (step.says_nothing_ms !== undefined) return saysNothing(stage, step.says_nothing_ms)
    if (step.finishes !== undefined) {
      const over = (): boolean => !agentSpeaks(stage.events)
      return until(stage, over, LONG_PATIENCE_MS, () => 'the agent was not heard to its end')
    }
    if (step.clears !== undefined) {
      if (stage.clears === step.clears) return
      throw new Error(`the far end was told ${stage.clears} time(s) to throw away what it had not played`)
    }
    if (step.transfers_to !== undefined) return transferredTo(stage, step.transfers_to)
    if (step.hangs_up === 'caller') return stage.hangUp()
    return endedBy(stage, step.hangs_up!)
  }
}

function showMessage(message: LlmMessage): string {
  return `${message.role}: ${show(message.content)}`
}
