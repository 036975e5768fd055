import { ProviderError } from '../../contracts/errors.ts'
import type { LlmToolCall } from '../../contracts/llm.ts'
import type { HeardAudio, RealtimeEvent, RealtimeSession } from '../../contracts/realtime.ts'
import { MAX_TOOL_CALLS } from '../replying/model-answer.ts'
import { stayedOn } from '../../tools/cut-words.ts'
import { GREETING_MARK } from '../replying/reply-desk.ts'
import { toldTool } from '../../telemetry/told-tool.ts'
import type { AgentEvent, AgentListener, Interrupter, RealtimeAgent } from './agent-side.ts'
import type { RealtimeConversationParts } from './realtime-parts.ts'
import { createRealtimeReplies, faultOfReply, isAnswer, type RealtimeReplies } from './realtime-replies.ts'
import { MAX_AHEAD_MS } from './realtime-speech.ts'
import { createRealtimeTools, type RealtimeTools } from './realtime-tools.ts'
import { TOO_MANY_CALLS } from '../../tools/tool-box.ts'
import type { RealtimeReply, RealtimeTurns, ReplyKind } from './realtime-turns.ts'

/** What the parts of the agent's side share. */
interface AgentState {
  readonly parts: RealtimeConversationParts
  readonly turns: RealtimeTurns
  readonly caller: AgentListener
  readonly replies: RealtimeReplies
  readonly tools: RealtimeTools
  session: RealtimeSession | undefined
  /** Asked for before the session was there. */
  readonly unasked: ((session: RealtimeSession) => void)[]
  /** What was stopped last. */
  stopped: RealtimeReply | undefined
  /** A transfer failed, and nobody has told the caller yet. */
  lineDue: string
  closed: boolean
}

export function createRealtimeAgent(
  parts: RealtimeConversationParts,
  turns: RealtimeTurns,
  caller: AgentListener,
): RealtimeAgent {
  const { telemetry, toolBox, speech } = parts
  const tools = createRealtimeTools({
    toolBox,
    maxRounds: parts.settings.conversation.tools.maxRounds,
    telemetry,
    answer: (callId, content) => on.session?.toolResult(callId, content),
    onGoesOn: () => turns.expect('follow-up'),
  })
  const replies = createRealtimeReplies(telemetry, parts.plugin)
  const on: AgentState = {
    ...{ parts, turns, caller, replies, tools },
    session: undefined,
    unasked: [],
    stopped: undefined,
    lineDue: '',
    closed: false,
  }
  return {
    adopt(session) {
      on.session = session
      for (const ask of on.unasked.splice(0)) ask(session)
    },
    say: (text, kind) => say(on, text, kind),
    enter: (keys) => enter(on, keys),
    note: (text) => note(on, text),
    onEvent: (event) => onAgentEvent(on, event),
    interrupt: (by) => interrupt(on, by),
    resume: () => resume(on),
    endTurn: () => on.session?.endTurn(),
    newTurn: () => tools.newTurn(),
    silent() {
      return replies.first() === undefined && !parts.giveUp.begun()
    },
    close() {
      const running = replies.current() !== undefined
      const heard = speech.heard()
      replies.ended()
      on.closed = true
      speech.close()
      tools.close()
      replies.stop()
      // What is still being made is made for nobody.
      if (running) on.session?.interrupt(heard)
    },
  }
}

function say(on: AgentState, text: string, kind: Exclude<ReplyKind, 'answer' | 'follow-up'>): void {
  on.turns.expect(kind)
  ask(on, (session) => session.say(text))
}

function ask(on: AgentState, wish: (session: RealtimeSession) => void): void {
  if (on.session) wish(on.session)
  else on.unasked.push(wish)
}

function enter(on: AgentState, keys: string): boolean {
  if (on.parts.giveUp.begun()) return true
  if (on.session && !on.session.enter) return false
  on.turns.callerEntered(keys)
  on.tools.newTurn()
  ask(on, (session) => {
    if (session.enter) session.enter(keys)
    else on.parts.telemetry.keysUnheard(on.parts.plugin)
  })
  return true
}

/** What is noted before the session is there may find that it has no place for it: that is told. */
function note(on: AgentState, text: string): boolean {
  if (on.session && !on.session.note) return false
  ask(on, (session) => {
    if (session.note) session.note(text)
    else on.parts.telemetry.operator.refused({ type: 'whisper', text }, 'operator', 'cannot-do')
  })
  return true
}

/** The caller heard a part of it, and what they hear next is the rest. */
function resume(on: AgentState): void {
  const { session, stopped } = on
  if (on.closed || on.parts.giveUp.begun() || !session?.resume || !stopped || on.replies.first()) return
  on.stopped = undefined
  on.turns.expect(stopped.kind === 'farewell' ? 'farewell' : isAnswer(stopped) ? 'follow-up' : 'prompt')
  on.parts.telemetry.resumed(stopped.turn)
  session.resume()
}

function onAgentEvent(on: AgentState, event: AgentEvent): void {
  switch (event.type) {
    case 'reply-started':
      return replyStarted(on, event.replyId)
    case 'audio':
      return onAudio(on, event.itemId, event.audio)
    case 'agent-partial':
    case 'agent-final':
      return onWords(on, event.itemId, event.text, event.type === 'agent-final')
    case 'tool-call':
      return void callTool(on, event)
    case 'usage':
      return on.replies.took(event)
    case 'reply-ended':
      return replyEnded(on, event)
  }
}

/** Answers that may wait for one another to be heard. */
const MAX_OPEN_REPLIES = 64

function replyStarted(on: AgentState, id: string): void {
  if (on.replies.open() >= MAX_OPEN_REPLIES)
    throw new ProviderError('bad-data', `${on.parts.plugin}: more than ${MAX_OPEN_REPLIES} replies at a time`)
  // One at a time, says the contract: whatever was not told to be over is over now.
  const former = on.replies.current()
  if (former) replyEnded(on, { type: 'reply-ended', replyId: former.id, reason: 'done' })
  on.caller.onAgentBegins()
  const reply = on.turns.replyStarted(id)
  on.replies.begin(reply)
  if (on.parts.giveUp.begun() && reply.kind !== 'last-words') {
    // Whatever the caller said over the last words, nothing would come of an answer.
    reply.stopped = true
    return on.session?.interrupt(undefined)
  }
  // The result of a tool is no reason to talk over a caller who has taken the word.
  const { mode } = on.parts.settings.conversation.bargeIn
  if (reply.kind === 'follow-up' && on.caller.speaking() && mode !== 'off')
    stopReplies(on, undefined, 'caller')
}

function onAudio(on: AgentState, itemId: string, audio: Uint8Array): void {
  const { turns, parts } = on
  on.replies.made()
  const current = on.replies.current()
  if (!current || current.stopped || current.cutShort) return
  if (current.kind === 'last-words') parts.giveUp.speaking()
  if (!current.spoke && isAnswer(current)) {
    turns.token()
    turns.audio()
    void parts.speech.nextFrame().then((outcome) => void (outcome === 'played' && turns.firstFrame()))
  }
  current.spoke = true
  on.lineDue = ''
  const taken = parts.speech.push(itemId, audio)
  if (taken) cutShort(on, current, taken)
}

/** It says more than can wait. What was taken will be heard, and the model's memory of it ends there. */
function cutShort(on: AgentState, reply: RealtimeReply, taken: HeardAudio): void {
  reply.cutShort = true
  on.parts.telemetry.amountCut('realtime_audio_ms', MAX_AHEAD_MS, reply.turn)
  on.session?.interrupt(taken)
}

function onWords(on: AgentState, itemId: string, text: string, final: boolean): void {
  on.replies.made()
  const current = on.replies.current()
  if (!current || current.stopped || current.cutShort) return
  if (isAnswer(current)) on.turns.token()
  on.parts.speech.text(itemId, text)
  if (final) on.replies.said(current.turn, itemId, text)
}

async function callTool(on: AgentState, call: LlmToolCall): Promise<void> {
  const reply = on.replies.current()
  on.replies.made()
  // Of a reply that was interrupted nothing is for the caller any more, and nothing is done for them.
  if (!reply || reply.stopped) {
    const told = toldTool(reply?.turn ?? on.turns.turn(), call.name, on.parts.toolBox.tools)
    return on.parts.telemetry.toolDropped(told)
  }
  if (reply.calls >= MAX_TOOL_CALLS) {
    on.parts.telemetry.amountCut('tool_calls', MAX_TOOL_CALLS, reply.turn)
    return on.session?.toolResult(call.id, TOO_MANY_CALLS)
  }
  await on.tools.run(call, reply)
  if (!on.closed) settle(on, reply)
}

function replyEnded(on: AgentState, event: Extract<RealtimeEvent, { type: 'reply-ended' }>): void {
  const { speech } = on.parts
  if (on.replies.endedBefore(event.replyId)) return
  const reply = on.replies.ended(event)
  if (!reply) return
  if (event.reason === 'lost') on.turns.expectAgain(reply)
  const { giveUp } = on.parts
  const enough = giveUp.judge(reply, event.reason)
  if (event.reason === 'failed') failed(on, reply, event.error, enough)
  if (reply.stopped) return
  if (reply.kind === 'last-words') {
    if (!reply.spoke) return giveUp.mute()
    giveUp.spoken()
  }
  speech.endReply()
  const label = reply.kind === 'greeting' ? GREETING_MARK : `reply_end_${reply.turn}`
  void speech.mark(label).then((outcome) => {
    if (outcome !== 'played' || reply.stopped || on.closed) return
    reply.heard = true
    settle(on, reply)
  })
  if (enough) giveUp.begin((text) => say(on, text, 'last-words'))
}

function failed(
  on: AgentState,
  reply: RealtimeReply,
  error: ProviderError | undefined,
  enough: boolean,
): void {
  const { plugin, telemetry, settings } = on.parts
  telemetry.llmFailed(reply.turn, faultOfReply(error, plugin))
  const { fallbackLine } = settings.conversation
  // A line that is due is said when the reply is over.
  if (enough || on.parts.giveUp.begun()) return
  if (reply.spoke || reply.stopped || !isAnswer(reply) || on.lineDue !== '') return
  if (fallbackLine !== '') say(on, fallbackLine, 'fallback')
}

/** The caller has heard the reply, and no tool of it runs any more: what was to follow it does. */
function settle(on: AgentState, reply: RealtimeReply): void {
  if (!on.replies.isOver(reply, () => on.parts.speech.forgetHeard())) return
  if (reply.kind === 'last-words') return on.parts.giveUp.heard()
  const [end] = reply.ends
  if (end?.how.how === 'transfer') return void handOver(on, reply, end.how.to)
  if (end || reply.kind === 'farewell') return on.parts.onEnd('agent')
  if (on.parts.giveUp.begun()) return
  if (on.lineDue !== '' && isAnswer(reply) && !reply.spoke && reply.unanswered === 0 && !reply.goesOn) {
    const { lineDue } = on
    on.lineDue = ''
    return say(on, lineDue, 'prompt')
  }
  on.caller.onAgentSilent()
}

/** When it fails, the model tells the caller, since it goes on with what became of its call; we do where it does not. */
async function handOver(on: AgentState, reply: RealtimeReply, to: string): Promise<void> {
  const failure = await on.parts.onTransfer(to)
  if (failure === undefined || on.closed) return
  const { transferFailedLine } = on.parts.settings.conversation
  on.lineDue = transferFailedLine
  on.tools.stay(
    reply,
    transferFailedLine === '' ? failure : `${failure} Say this now: "${transferFailedLine}"`,
  )
  on.caller.onAgentSilent()
}

function interrupt(on: AgentState, by: Interrupter): boolean {
  const { speech, clock, telemetry, settings } = on.parts
  // What an operator stops is not taken up again, nor is what a noise had stopped before.
  if (by === 'operator') on.stopped = undefined
  const first = on.replies.first()
  const current = on.replies.current()
  const active = current !== undefined || speech.active()
  if (on.closed || on.parts.giveUp.begun() || !first || !active) return false
  if (first.kind === 'greeting' && !settings.conversation.bargeIn.greeting) return false
  const cutBy = by === 'operator' ? by : 'caller'
  const { heard, said } = speech.interrupt(cutBy)
  for (const { itemId, text } of said) on.replies.said(first.turn, itemId, text)
  const words = said.map((one) => one.heard).filter((text) => text !== '')
  const sinceMs = on.caller.sinceMs()
  const isVoice = by === 'voice' && sinceMs !== undefined
  const afterSpeechMs = isVoice ? Math.max(0, clock.nowMs() - sinceMs) : undefined
  telemetry.interrupted({ turn: first.turn, by: cutBy, afterSpeechMs }, words.join(' '))
  if (cutBy === 'caller') on.stopped = first
  stopReplies(on, heard, cutBy)
  return true
}

function stopReplies(
  on: AgentState,
  heard: Parameters<RealtimeSession['interrupt']>[0],
  by: 'caller' | 'operator',
): void {
  on.session?.interrupt(heard)
  on.lineDue = ''
  on.tools.cancel(by)
  // The model is told, and what it says to that is a follow-up: it does not speak over the caller.
  for (const reply of on.replies.stop()) on.tools.stay(reply, stayedOn(by))
}
