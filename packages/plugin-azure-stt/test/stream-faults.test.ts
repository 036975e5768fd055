import type { SttEvent } from '@kav/core'
import { expect, it } from 'vitest'
import type { RecognitionScript } from '../src/testing/index.ts'
import { UNDERSTAND, hear, open, provide, range, serve, words, write } from './open-for-test.ts'

/** 3 s spoken to a server whose first connection has a fault after 1 s. */
async function speakThrough(fault: RecognitionScript) {
  const server = await serve({
    script: ({ index }) => (index === 0 ? { ...UNDERSTAND, ...fault } : UNDERSTAND),
  })
  const { provider, context } = provide({ host: server.host })
  const session = await open(provider)
  const heard = hear(session)
  write(session, 0, 60)
  await server.until(() => server.connections.length > 1)
  write(session, 60, 150)
  session.finish()
  await heard.over
  await session.close()
  return { server, heard, context }
}

function finals(events: readonly SttEvent[]): (number | undefined)[] {
  return events.flatMap((event) => (event.type === 'final' ? [event.endMs] : []))
}

function wordTimes(events: readonly SttEvent[]): [number, number][] {
  const words = events.flatMap((event) => (event.type === 'final' ? (event.words ?? []) : []))
  return words.map(({ startMs, endMs }) => [startMs, endMs])
}

const SURVIVED: Record<string, RecognitionScript> = {
  'a TCP reset': { resetAtMs: 1000 },
  'a normal close (1000)': { closeAt: { ms: 1000, code: 1000 } },
  'a close for throttling (4429)': { closeAt: { ms: 1000, code: 4429 } },
}

for (const [name, fault] of Object.entries(SURVIVED)) {
  it(`${name} is survived: every frame once, offsets from the session’s first byte`, async () => {
    const { heard, server, context } = await speakThrough(fault)
    expect(heard.error).toBeUndefined()
    expect(heard.words()).toEqual(words(0, 150))
    // Finals close every 20 frames, 400 ms, also after the connection was replaced.
    expect(finals(heard.events)).toEqual([400, 800, 1200, 1600, 2000, 2400, 2800, 3000])
    expect(wordTimes(heard.events)).toEqual(range(0, 150).map((at) => [at * 20, at * 20 + 20]))
    expect(server.connections).toHaveLength(2)
    expect(context.metrics.value('azure_stt_reconnects_total')).toBe(1)
    // What came after the last final that arrived before the fault is heard again, and nothing more.
    const [first, second] = server.connections.flatMap((connection) => connection.turns)
    expect(first?.frames).toEqual(range(0, first?.frames.length ?? 0))
    const from = second?.frames[0] ?? -1
    expect([0, 20, 40]).toContain(from)
    expect(second?.frames).toEqual(range(from, 150))
  })
}

it('a second reset without a final in between ends the session as network, to be replaced', async () => {
  const server = await serve({ script: ({ index }) => (index < 2 ? { resetAtMs: 500 } : UNDERSTAND) })
  const session = await open(provide({ host: server.host }).provider)
  const heard = hear(session)
  write(session, 0, 30)
  await server.until(() => server.connections.length === 2)
  // The SDK begins its replay with the next piece of audio.
  write(session, 30, 60)
  await heard.over
  expect(heard.error).toMatchObject({ class: 'network', retryable: true })
  await session.close()
})

it('a reconnect that nobody answers ends the session after connect_timeout_ms, to be replaced', async () => {
  const server = await serve({
    script: ({ index }) => (index === 0 ? { ...UNDERSTAND, resetAtMs: 500 } : { refuse: 'hang' }),
  })
  const session = await open(provide({ host: server.host, connect_timeout_ms: 300 }).provider)
  const heard = hear(session)
  write(session, 0, 30)
  await heard.over
  expect(heard.error).toMatchObject({ class: 'timeout', retryable: true })
  await session.close()
  await server.until(() => server.openSockets === 0)
})

const ENDED: Record<string, { script: RecognitionScript; class: string }> = {
  'close 1007 (a request it cannot read)': {
    script: { closeAt: { ms: 400, code: 1007, reason: 'Invalid payload' } },
    class: 'bad-request',
  },
  'close 1002': { script: { closeAt: { ms: 400, code: 1002 } }, class: 'network' },
  'close 1003': { script: { closeAt: { ms: 400, code: 1003 } }, class: 'network' },
  'close 4000': { script: { closeAt: { ms: 400, code: 4000 } }, class: 'network' },
  'the status TooManyRequests': {
    script: { results: [{ atMs: 400, status: 'TooManyRequests' }] },
    class: 'quota',
  },
  'the status Error': { script: { results: [{ atMs: 400, status: 'Error' }] }, class: 'network' },
  'the status Timeout': { script: { results: [{ atMs: 400, status: 'Timeout' }] }, class: 'network' },
  'an end of the turn in mid-stream': { script: { turnEndAtMs: 400 }, class: 'session-limit' },
  'the status Forbidden': { script: { results: [{ atMs: 400, status: 'Forbidden' }] }, class: 'auth' },
  'the status BadRequest': {
    script: { results: [{ atMs: 400, status: 'BadRequest' }] },
    class: 'bad-request',
  },
}

for (const [name, { script, class: expected }] of Object.entries(ENDED)) {
  it(`${name} ends the session as ${expected}`, async () => {
    const server = await serve({ script: () => script })
    const session = await open(provide({ host: server.host }).provider)
    const heard = hear(session)
    write(session, 0, 50)
    await heard.over
    expect(heard.error).toMatchObject({ class: expected })
    await session.close()
    await server.until(() => server.openSockets === 0)
  })
}

it('a phrase without words is no event, and takes back what a partial showed', async () => {
  const server = await serve({
    script: () => ({
      results: [
        { atMs: 100, status: 'InitialSilenceTimeout' },
        { atMs: 200, partial: 'hm' },
        { atMs: 300, status: 'NoMatch' },
        { atMs: 400, final: 'hello' },
      ],
    }),
  })
  const session = await open(provide({ host: server.host, voice_activity_events: false }).provider)
  const heard = hear(session)
  for (let at = 0; at < 30; at += 5) {
    write(session, at, at + 5)
    await server.until(() => (server.connections[0]?.turns[0]?.frames.length ?? 0) >= at + 5)
  }
  session.finish()
  await heard.over
  await session.close()
  expect(heard.events).toEqual([
    { type: 'partial', text: 'hm' },
    { type: 'partial', text: '' },
    { type: 'final', text: 'hello', endMs: 400 },
  ])
})

it('a connection that goes dead says nothing; close ends it within a second, and no socket is left', async () => {
  const server = await serve({ script: () => ({ ...UNDERSTAND, freezeAtMs: 400 }) })
  const session = await open(provide({ host: server.host }).provider)
  const heard = hear(session)
  write(session, 0, 50)
  await server.until(() => (server.connections[0]?.turns[0]?.bytes ?? 0) >= 3200)
  const startMs = performance.now()
  await session.close()
  await heard.over
  expect(performance.now() - startMs).toBeLessThan(2000)
  await server.until(() => server.openSockets === 0)
})

it('a server that never ends its turn does not hold finish or close', async () => {
  const server = await serve({ script: () => ({ ...UNDERSTAND, neverEndTurn: true }) })
  const { provider, context } = provide({ host: server.host })
  const session = await open(provider)
  const heard = hear(session)
  write(session, 0, 30)
  session.finish()
  await heard.over
  expect(heard.words()).toEqual(words(0, 30))
  expect(heard.error).toBeUndefined()
  expect(context.metrics.value('azure_stt_finish_timeouts_total')).toBe(1)
  await session.close()
  await server.until(() => server.openSockets === 0)
})

it('the tail of less than a tenth of a second is sent when the call ends', async () => {
  const server = await serve({ script: () => UNDERSTAND })
  const session = await open(provide({ host: server.host }).provider)
  const heard = hear(session)
  write(session, 0, 43)
  session.finish()
  await heard.over
  await session.close()
  expect(server.connections[0]?.turns[0]).toMatchObject({ bytes: 6880, brokenFrames: 0, audioEnded: true })
  expect(heard.words()).toEqual(words(0, 43))
})

it('words that only a partial showed when the recogniser dies at the call’s end are its last words', async () => {
  const server = await serve({
    script: () => ({ results: [{ atMs: 200, partial: 'good bye' }], neverEndTurn: true }),
  })
  const session = await open(provide({ host: server.host }).provider)
  const heard = hear(session)
  write(session, 0, 20)
  await heard.until((events) => events.some((event) => event.type === 'partial'))
  session.finish()
  await heard.over
  expect(heard.words()).toEqual(['good', 'bye'])
  await session.close()
})
