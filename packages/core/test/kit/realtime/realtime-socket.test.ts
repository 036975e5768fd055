import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type LlmMessage,
  MULAW_8K,
  ProviderError,
  type RealtimeEvent,
  type RealtimeSession,
} from '../../../src/index.ts'
import { openRealtimeSocket, type RealtimeProtocol } from '../../../src/kit/index.ts'
import {
  createFakeClock,
  type LoopbackPeer,
  type LoopbackServer,
  openLoopbackServer,
  testContext,
  type TestContext,
} from '../../../src/testing/index.ts'

let server: LoopbackServer
beforeEach(async () => {
  server = await openLoopbackServer()
  server.onSocket('/talk', (upgrade) => {
    const peer = upgrade.accept()
    peer.onMessage((message) => void (isStart(message) && peer.send({ ready: true })))
  })
})
afterEach(() => server.close())

const isStart = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'start' in message

/** A service that sends events as they are. */
const plain: RealtimeProtocol = {
  first: (conversation) => [JSON.stringify({ start: conversation })],
  isReady: ({ ready }) => ready === true,
  read(message, session) {
    const { event, fault, bye } = message as {
      event?: RealtimeEvent
      fault?: 'quota' | 'auth' | 'session-limit'
      bye?: true
    }
    if (fault !== undefined) throw new ProviderError(fault, 'Acme says so')
    if (bye === true) session.end()
    else if (event === undefined) session.odd()
    else if (event.type === 'audio') session.emit({ ...event, audio: new Uint8Array(800) })
    else session.emit(event)
  },
  interrupt: (heard) => JSON.stringify({ interrupt: heard ?? null }),
  toolResult: (id, content) => JSON.stringify({ result: id, content }),
  say: (text) => JSON.stringify({ say: text }),
  answer: '{"answer":true}',
  last: '{"last":true}',
}

interface Open {
  readonly session: RealtimeSession
  readonly events: RealtimeEvent[]
  readonly over: Promise<void>
  until(type: RealtimeEvent['type'], index?: number): Promise<RealtimeEvent>
}

async function open(
  context: TestContext = testContext(),
  signal: AbortSignal = new AbortController().signal,
  history: readonly LlmMessage[] = [],
): Promise<Open> {
  const session = await openRealtimeSocket({
    socket: { url: `${server.wsUrl}/talk`, faults: { doing: 'Acme' }, clock: context.clock, signal },
    protocol: plain,
    options: { callId: 'a', format: MULAW_8K, instructions: '', tools: [], hints: [], history, signal },
    context,
    counter: 'acme',
  })
  const events: RealtimeEvent[] = []
  let wake: () => void = () => undefined
  const over = (async () => {
    for await (const event of session.events) {
      events.push(event)
      wake()
    }
  })()
  over.catch(() => undefined)
  return {
    session,
    events,
    over,
    async until(type, index = 0) {
      for (;;) {
        const found = events.filter((event) => event.type === type)[index]
        if (found !== undefined) return found
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

const says = (peer: LoopbackPeer, ...events: readonly object[]): void => {
  for (const event of events) peer.send({ event })
}
const CALLER: readonly object[] = [
  { type: 'speech-started', atMs: 100 },
  { type: 'speech-stopped', atMs: 500 },
  { type: 'caller-final', itemId: 'c1', text: 'when are you open' },
]
const REPLY: readonly object[] = [
  { type: 'reply-started', replyId: 'r1' },
  { type: 'agent-partial', itemId: 'a1', text: 'From nine to five.' },
  { type: 'audio', itemId: 'a1' },
]

/** Waits for the second connection, and gives what was sent on it once `count` messages are there. */
async function secondPeer(one: Open): Promise<LoopbackPeer> {
  await one.until('reconnected')
  const peer = server.peers[1]!
  await peer.roundTrip()
  return peer
}

describe('a conversation that outlives its connection', () => {
  it('is refused by what the service says before it is ready, and reads messages of any shape', async () => {
    const { signal } = new AbortController()
    const context = testContext()
    const refused = openRealtimeSocket({
      socket: { url: `${server.wsUrl}/talk`, faults: { doing: 'Acme' }, clock: context.clock, signal },
      protocol: {
        ...plain,
        messagesIn: (data) => [JSON.parse(String(data)).slice(1)[0]],
        isReady({ nope }) {
          if (nope !== undefined) throw new ProviderError('auth', String(nope))
          return false
        },
      },
      options: { callId: 'a', format: MULAW_8K, instructions: '', tools: [], hints: [], history: [], signal },
      context,
      counter: 'acme',
    })
    void server.peer().then((peer) => peer.sendRaw(Buffer.from('[0,{"nope":"no such key"}]')))
    await expect(refused).rejects.toMatchObject({ class: 'auth', message: 'no such key' })
  })

  it('is put back with what was said and heard, and the answer that was lost is asked for', async () => {
    const context = testContext()
    const one = await open(context, undefined, [{ role: 'user', content: 'before' }])
    const first = server.peers[0]!
    expect(first.messages).toEqual([{ start: [{ role: 'user', content: 'before' }] }])
    says(first, ...CALLER, ...REPLY)
    await one.until('audio')
    first.cut()
    expect(await one.until('reply-ended')).toEqual({ type: 'reply-ended', replyId: 'r1', reason: 'lost' })
    const second = await secondPeer(one)
    expect(second.messages).toEqual([
      {
        start: [
          { role: 'user', content: 'before' },
          { role: 'user', content: 'when are you open' },
          { role: 'assistant', content: 'From nine to five.' },
        ],
      },
      { answer: true },
    ])
    expect(context.metrics.value('acme_reconnects_total', { reason: 'fault' })).toBe(1)
    await one.session.close()
  })

  it('moves at once where the service says that the connection will end, and nobody has to wait for the cut', async () => {
    const context = testContext()
    const one = await open(context)
    says(server.peers[0]!, ...CALLER)
    await one.until('caller-final')
    server.peers[0]!.send({ fault: 'session-limit' })
    expect(await one.until('reconnected')).toMatchObject({ reason: 'session-limit' })
    const { messages } = await secondPeer(one)
    expect(messages[0]).toEqual({ start: [{ role: 'user', content: 'when are you open' }] })
    expect(context.metrics.value('acme_reconnects_total', { reason: 'session-limit' })).toBe(1)
    await one.session.close()
  })

  it('an interrupted reply is cut to what was heard, is told no further, and nobody is asked for it again', async () => {
    const one = await open()
    const first = server.peers[0]!
    says(first, ...CALLER, ...REPLY)
    await one.until('audio')
    one.session.interrupt({ itemId: 'a1', heardMs: 40 })
    says(
      first,
      { type: 'audio', itemId: 'a1' },
      { type: 'agent-final', itemId: 'a1', text: 'From nine to five.' },
    )
    await first.roundTrip()
    first.cut()
    expect(await one.until('reply-ended')).toMatchObject({ reason: 'interrupted' })
    const second = await secondPeer(one)
    expect(second.messages).toEqual([
      {
        start: [
          { role: 'user', content: 'when are you open' },
          { role: 'assistant', content: 'From' },
        ],
      },
    ])
    expect(one.events.filter(({ type }) => type === 'audio')).toHaveLength(1)
    await one.session.close()
  })

  it('what the caller has said and no words stand for is heard again, and offsets go on', async () => {
    const one = await open()
    const first = server.peers[0]!
    one.session.write(new Uint8Array(8000).fill(1))
    says(first, ...CALLER, { type: 'speech-started', atMs: 900 })
    await one.until('speech-started', 1)
    one.session.write(new Uint8Array(800).fill(2))
    await first.roundTrip()
    first.cut()
    expect(await one.until('speech-stopped', 1)).toEqual({ type: 'speech-stopped', atMs: 1100 })
    one.session.write(new Uint8Array(800).fill(3))
    const second = await secondPeer(one)
    const again = Buffer.from(second.bytes())
    // From the end of the words that are written down, 500 ms.
    expect(again.length).toBe(4000 + 800 + 800)
    expect([again.at(0), again.at(4000), again.at(-1)]).toEqual([1, 2, 3])
    expect(second.messages.filter((message) => !(message instanceof Uint8Array))).toHaveLength(1)
    says(second, { type: 'speech-started', atMs: 10 })
    expect(await one.until('speech-started', 2)).toEqual({ type: 'speech-started', atMs: 510 })
    await one.session.close()
  })

  it('what was to be said and was not heard is said again, and a result that came meanwhile is told', async () => {
    const one = await open()
    const first = server.peers[0]!
    one.session.say('Welcome.')
    one.session.say('Hello?')
    says(first, { type: 'reply-started', replyId: 'r1' }, { type: 'audio', itemId: 'a1' })
    await one.until('audio')
    first.cut()
    const second = await secondPeer(one)
    expect(second.messages).toEqual([{ start: [] }, { say: 'Welcome.' }, { say: 'Hello?' }])
    await one.session.close()
  })

  it('a result that comes while there is no connection is part of what is put back', async () => {
    const one = await open()
    const first = server.peers[0]!
    const call = { id: 't1', name: 'hours', arguments: '{}' }
    says(first, ...CALLER, { type: 'reply-started', replyId: 'r1' }, { type: 'tool-call', ...call })
    says(first, { type: 'reply-ended', replyId: 'r1', reason: 'done' })
    await one.until('reply-ended')
    server.nextSocket('/talk', async (upgrade) => {
      one.session.toolResult('t1', 'nine to five')
      one.session.toolResult('t1', 'twice')
      upgrade.refuse(503)
    })
    first.cut()
    const second = await secondPeer(one)
    expect(second.messages[0]).toMatchObject({
      start: [
        { role: 'user' },
        { role: 'assistant', toolCalls: [call] },
        { role: 'tool', toolCallId: 't1', content: 'nine to five' },
      ],
    })
    expect(second.messages[1]).toEqual({ answer: true })
    await one.session.close()
  })
})

describe('the end of a conversation', () => {
  it('is a fault that no new connection mends', async () => {
    const one = await open()
    server.nextSocket('/talk', (upgrade) => upgrade.refuse(401))
    server.peers[0]!.cut()
    await expect(one.over).rejects.toMatchObject({ class: 'auth' })
    await one.session.close()
  })

  it('is a fault that the service describes, where trying again is of no use', async () => {
    const one = await open()
    server.peers[0]!.send({ fault: 'auth' })
    await expect(one.over).rejects.toMatchObject({ class: 'auth' })
  })

  it('is a server that drops every connection, after 13 s', async () => {
    const { clock, advance, pending } = createFakeClock()
    const one = await open(testContext({ clock }))
    server.onSocket('/talk', (upgrade) => upgrade.refuse(503))
    let isOver = false
    void one.over.catch(() => undefined).then(() => (isOver = true))
    server.peers[0]!.cut()
    for (let waitedMs = 0; !isOver; waitedMs += 100) {
      expect(waitedMs).toBeLessThan(20_000)
      await advance(100)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await expect(one.over).rejects.toMatchObject({ class: 'network' })
    expect(pending()).toBe(0)
  })

  it('comes when the service has said all, or says nothing for too long', async () => {
    const { clock, advance } = createFakeClock()
    const context = testContext({ clock })
    const one = await open(context)
    one.session.finish()
    one.session.write(new Uint8Array(160))
    await server.peers[0]!.roundTrip()
    expect(server.peers[0]!.messages.at(-1)).toEqual({ last: true })
    server.peers[0]!.send({ bye: true })
    await one.over
    expect(context.metrics.value('acme_finish_timeouts_total')).toBe(0)

    const two = await open(context)
    two.session.finish()
    await advance(20_000)
    await two.over
    expect(context.metrics.value('acme_finish_timeouts_total')).toBe(1)
  })

  it('is quiet where it is no longer wanted, opening or open', async () => {
    const early = new AbortController()
    const opening = open(testContext(), early.signal)
    early.abort()
    await expect(opening).rejects.toMatchObject({ class: 'cancelled' })
    const late = new AbortController()
    const one = await open(testContext(), late.signal)
    late.abort()
    await one.over
  })
})

it('what does not fit what was said before is left out and counted', async () => {
  const context = testContext()
  const one = await open(context)
  const [peer] = server.peers
  says(peer!, { type: 'audio', itemId: 'a0' }, { type: 'reply-ended', replyId: 'r0', reason: 'done' })
  says(peer!, ...REPLY, { type: 'reply-started', replyId: 'r2' })
  peer!.sendRaw('{"garbage')
  says(peer!, { type: 'reply-ended', replyId: 'r1', reason: 'done' })
  await one.until('reply-ended')
  expect(one.events.map(({ type }) => type)).toEqual([
    'reply-started',
    'agent-partial',
    'audio',
    'reply-ended',
  ])
  expect(context.metrics.value('acme_odd_messages_total')).toBe(4)
  expect(context.log.entries.filter(({ level }) => level === 'warn')).toHaveLength(1)
  await one.session.close()
})
