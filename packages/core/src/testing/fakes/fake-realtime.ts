import {
  bytesPerSecond,
  durationMs,
  MULAW_8K,
  ProviderError,
  type AudioFormat,
  type Clock,
  type HeardAudio,
  type RealtimeEvent,
  type RealtimeProvider,
  type RealtimeSession,
  type RealtimeSessionOptions,
} from '../../contracts/index.ts'
import { createPushQueue, type PushQueue } from '../../kit/push-queue.ts'
import { pause } from './pause.ts'

/** One answer of the model: its words, and how much audio it takes to say them. */
export interface FakeRealtimeReply {
  readonly text?: string
  /** Length of its audio; absent: 60 ms a character. */
  readonly audioMs?: number
  /** Time of the clock before its first event. */
  readonly afterMs?: number
  /** Tools that it calls, after its words. */
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[]
  /** It fails in place of saying anything. */
  readonly error?: ProviderError
}

export interface FakeRealtimeScript {
  readonly clock: Clock
  readonly formats?: readonly AudioFormat[]
  readonly detectsTurns?: boolean
  /** How each attempt to open goes; after the last it opens at once. */
  readonly opening?: readonly { readonly afterMs?: number; readonly error?: Error }[]
  /** Answers to the caller's turns and to tool results, in order; then `Well.`, or what the tool found. */
  readonly replies?: readonly FakeRealtimeReply[]
  /** Audio per event. Default 100 ms. */
  readonly chunkMs?: number
  /** How many times faster than it plays audio comes. Default 10. */
  readonly speed?: number
  /** It takes neither keys nor the wish to go on. */
  readonly soundAlone?: boolean
  /** Misbehaviour: `close` never resolves. */
  readonly closeHangs?: boolean
}

/** One session as the test sees it: what came in, and a hand on what goes out. */
export interface FakeRealtimeSession {
  readonly options: RealtimeSessionOptions
  /** All audio written, in order. */
  audio(): Uint8Array
  readonly writtenMs: number
  readonly said: readonly string[]
  /** Keys it was given. */
  readonly entered: readonly string[]
  readonly noted: readonly string[]
  /** When it was asked to go on. */
  readonly resumedAtMs: readonly number[]
  readonly interrupts: readonly { readonly atMs: number; readonly heard: HeardAudio | undefined }[]
  readonly toolResults: readonly { readonly callId: string; readonly content: string }[]
  readonly endedTurns: number
  readonly finished: boolean
  readonly closed: boolean
  /** The caller's speech begins; `agoMs` is how much audio ago. */
  speechStarted(agoMs?: number): void
  /** It ends; with words it is a turn, which is answered. */
  speechStopped(text?: string, agoMs?: number): void
  /** The caller's words are written down, and `reply` is made. */
  answer(text: string, reply: FakeRealtimeReply): void
  emit(event: RealtimeEvent): void
  fail(error: Error): void
  end(): void
}

export interface FakeRealtime {
  readonly provider: RealtimeProvider
  readonly sessions: readonly FakeRealtimeSession[]
  readonly attempts: readonly { readonly atMs: number }[]
  readonly closed: boolean
}

/** Speech to speech by script and clock. Sample i of a reply's audio tells how far into the item it is. */
export function createFakeRealtime(script: FakeRealtimeScript): FakeRealtime {
  const { clock } = script
  const sessions: FakeRealtimeSession[] = []
  const open: RealtimeSession[] = []
  const attempts: { atMs: number }[] = []
  let closed = false
  return {
    provider: {
      formats: script.formats ?? [MULAW_8K],
      detectsTurns: script.detectsTurns ?? true,
      async openSession(options) {
        const how = script.opening?.[attempts.length] ?? {}
        attempts.push({ atMs: clock.nowMs() })
        if (how.afterMs !== undefined) await pause(clock, how.afterMs, options.signal)
        if (options.signal.aborted) throw new ProviderError('cancelled', 'fake realtime: cancelled')
        if (how.error) throw how.error
        const { session, seen } = openFakeSession(script, options)
        sessions.push(seen)
        open.push(session)
        const stop = () => void session.close()
        options.signal.addEventListener('abort', stop, { once: true })
        return {
          ...session,
          close() {
            options.signal.removeEventListener('abort', stop)
            return session.close()
          },
        }
      },
      async close() {
        closed = true
        await Promise.all(open.map((session) => session.close()))
      },
    },
    sessions,
    attempts,
    get closed() {
      return closed
    },
  }
}

/** The model's answers, one after the other, each as the script has it. */
function createReplyMaker(script: FakeRealtimeScript, byteRate: number, stream: PushQueue<RealtimeEvent>) {
  const { clock } = script
  const waiting: FakeRealtimeReply[] = []
  const openCalls = new Set<string>()
  let replies = 0
  let items = 0
  let turns = 0
  let making: AbortController | undefined
  let finished = false
  let closed = false

  function ask(reply: FakeRealtimeReply): void {
    if (closed) return
    waiting.push(reply)
    void next()
  }
  const nextReply = (otherwise = 'Well.'): FakeRealtimeReply =>
    script.replies?.[replies++] ?? { text: otherwise }

  async function next(): Promise<void> {
    const reply = making ? undefined : waiting.shift()
    if (!reply) return
    const { signal } = (making = new AbortController())
    if (reply.afterMs !== undefined) await pause(clock, reply.afterMs, signal)
    const replyId = `reply-${++items}`
    stream.push({ type: 'reply-started', replyId })
    await speak(reply, `item-${items}`, signal)
    if (!signal.aborted) {
      for (const call of reply.toolCalls ?? []) {
        openCalls.add(call.id)
        stream.push({ type: 'tool-call', ...call })
      }
    }
    const failed = reply.error && !signal.aborted ? { error: reply.error } : undefined
    const reason = signal.aborted ? 'interrupted' : failed ? 'failed' : 'done'
    stream.push({ type: 'reply-ended', replyId, reason, ...failed })
    making = undefined
    if (finished) stream.end()
    else void next()
  }

  async function speak(reply: FakeRealtimeReply, itemId: string, signal: AbortSignal): Promise<void> {
    const { text = '' } = reply
    if (text === '' || reply.error) return
    const chunkMs = script.chunkMs ?? 100
    const wholeMs = reply.audioMs ?? text.length * 60
    for (let atMs = 0; atMs < wholeMs && !signal.aborted; atMs += chunkMs) {
      const lengthMs = Math.min(chunkMs, wholeMs - atMs)
      if (atMs === 0) stream.push({ type: 'agent-partial', itemId, text })
      stream.push({ type: 'audio', itemId, audio: tone(atMs, lengthMs, byteRate) })
      await pause(clock, lengthMs / (script.speed ?? 10), signal)
    }
    if (!signal.aborted) stream.push({ type: 'agent-final', itemId, text })
  }

  return {
    ask,
    /** What the caller said, and the answer to it. */
    answer(text: string, reply = nextReply()): void {
      const itemId = `caller-${++turns}`
      stream.push({ type: 'caller-partial', itemId, text: text.slice(0, 3) })
      stream.push({ type: 'caller-final', itemId, text })
      ask(reply)
    },
    askNext: () => ask(nextReply()),
    /** The model goes on once the last of its tools has answered. */
    toolAnswered(callId: string, content: string): void {
      if (openCalls.delete(callId) && openCalls.size === 0) ask(nextReply(content))
    },
    interrupt: () => making?.abort(),
    /** What is being said is the last; then the events end. */
    finish(): void {
      finished = true
      waiting.length = 0
      if (!making) stream.end()
    },
    close(): void {
      closed = true
      waiting.length = 0
      making?.abort()
    },
  }
}

/** Every 20 ms has a byte of its own, so that a test can tell what was played; none is 0, which somebody may have filled in. */
function tone(atMs: number, lengthMs: number, byteRate: number): Uint8Array {
  const audio = new Uint8Array(Math.round((lengthMs * byteRate) / 1000))
  for (let i = 0; i < audio.length; i++) {
    audio[i] = 1 + (Math.floor((atMs + (i * 1000) / byteRate) / 20) % 120)
  }
  return audio
}

/** What a model that takes sound alone is not asked. */
function createOtherWishes(
  { soundAlone, clock }: FakeRealtimeScript,
  model: Pick<ReturnType<typeof createReplyMaker>, 'askNext'>,
) {
  const entered: string[] = []
  const noted: string[] = []
  const resumedAtMs: number[] = []
  const methods: Pick<RealtimeSession, 'enter' | 'note' | 'resume'> = {
    enter(keys) {
      entered.push(keys)
      model.askNext()
    },
    note: (text) => void noted.push(text),
    resume() {
      resumedAtMs.push(clock.nowMs())
      model.askNext()
    },
  }
  return { methods: soundAlone ? {} : methods, entered, noted, resumedAtMs }
}

function openFakeSession(script: FakeRealtimeScript, options: RealtimeSessionOptions) {
  const { clock } = script
  const stream = createPushQueue<RealtimeEvent>()
  const model = createReplyMaker(script, bytesPerSecond(options.format), stream)
  const writes: Uint8Array[] = []
  const said: string[] = []
  const { methods, ...asked } = createOtherWishes(script, model)
  const interrupts: { atMs: number; heard: HeardAudio | undefined }[] = []
  const toolResults: { callId: string; content: string }[] = []
  let writtenMs = 0
  let endedTurns = 0
  let finished = false
  let closed = false

  const session: RealtimeSession = {
    events: stream.items,
    write(audio) {
      if (finished || closed) return
      writes.push(new Uint8Array(audio))
      writtenMs += durationMs(options.format, audio.length)
    },
    interrupt(heard) {
      interrupts.push({ atMs: clock.nowMs(), heard })
      model.interrupt()
    },
    endTurn() {
      endedTurns++
      model.askNext()
    },
    toolResult(callId, content) {
      toolResults.push({ callId, content })
      model.toolAnswered(callId, content)
    },
    say(text) {
      said.push(text)
      model.ask({ text })
    },
    ...methods,
    finish() {
      if (finished || closed) return
      finished = true
      model.finish()
    },
    async close() {
      closed = true
      model.close()
      stream.discard()
      if (script.closeHangs === true) await pause(clock, Number.POSITIVE_INFINITY)
    },
  }
  const seen: FakeRealtimeSession = {
    options,
    audio: () => Buffer.concat(writes),
    get writtenMs() {
      return writtenMs
    },
    said,
    ...asked,
    interrupts,
    toolResults,
    get endedTurns() {
      return endedTurns
    },
    get finished() {
      return finished
    },
    get closed() {
      return closed
    },
    speechStarted: (agoMs = 0) => stream.push({ type: 'speech-started', atMs: writtenMs - agoMs }),
    speechStopped(text, agoMs = 0) {
      stream.push({ type: 'speech-stopped', atMs: writtenMs - agoMs })
      if (text !== undefined) model.answer(text)
    },
    answer: model.answer,
    emit: (event) => stream.push(event),
    fail: (error) => stream.fail(error),
    end: () => stream.end(),
  }
  return { session, seen }
}
