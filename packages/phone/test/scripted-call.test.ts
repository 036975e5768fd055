import { describe, expect, it } from 'vitest'
import { createCallerScript } from '../src/caller-script.ts'
import { createClip } from '../src/clip.ts'
import { prepareScript, runCaller } from '../src/run-caller.ts'
import type { ScriptOutcome } from '../src/call-result.ts'
import { openFakeStream, type FakeStream } from './support/fake-stream.ts'

/** Plays steps on a fake clock; `server` acts as time goes by. */
function play(
  steps: unknown[],
  stream: FakeStream = openFakeStream(),
): FakeStream & { outcome: Promise<ScriptOutcome> } {
  const script = createCallerScript({ steps })
  return Object.assign(stream, { outcome: runCaller(stream.call, prepareScript(script)) })
}

const speech = createClip('a', new Uint8Array(160 * 5).fill(0x90))

describe('the wire', () => {
  it('sends connected, start, then media every 20 ms with counters as texts', async () => {
    const stream = openFakeStream({ parameters: { token: 't' } })
    await stream.clock.advance(1000)
    const [connected, start, first, second] = stream.sent
    expect(connected).toEqual({ event: 'connected', protocol: 'Call', version: '1.0.0' })
    expect(start).toEqual({
      event: 'start',
      sequenceNumber: '1',
      start: {
        accountSid: 'AC1',
        streamSid: stream.streamSid,
        callSid: 'CA1',
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { token: 't' },
      },
      streamSid: stream.streamSid,
    })
    const silence = Buffer.alloc(160, 0xff).toString('base64')
    expect(first).toEqual({
      event: 'media',
      sequenceNumber: '2',
      media: { track: 'inbound', chunk: '1', timestamp: '20', payload: silence },
      streamSid: stream.streamSid,
    })
    expect(second).toMatchObject({ sequenceNumber: '3', media: { chunk: '2', timestamp: '40' } })
    expect(stream.sentOf('media')).toHaveLength(50)
  })

  it('keeps one sequence over media, keys and marks', async () => {
    const stream = openFakeStream()
    await stream.clock.advance(40)
    stream.call.sendDtmf('5')
    stream.mark('now#0')
    await stream.clock.advance(20)
    const numbers = stream.sent.slice(1).map((message) => Number(message.sequenceNumber))
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6])
    expect(stream.sentOf('dtmf')[0]?.dtmf).toEqual({ track: 'inbound_track', digit: '5' })
    expect(stream.sentOf('mark')[0]?.mark).toEqual({ name: 'now#0' })
  })

  it('sends stop before it closes, and gives up on a server that does not answer the close', async () => {
    const stream = openFakeStream()
    await stream.clock.advance(100)
    stream.call.hangUp()
    stream.call.hangUp()
    expect(stream.sent.at(-1)).toMatchObject({ event: 'stop', stop: { accountSid: 'AC1', callSid: 'CA1' } })
    expect(stream.wireState).toEqual({ closed: true, terminated: false })
    await stream.clock.advance(2100)
    expect(stream.wireState.terminated).toBe(true)
    const result = await stream.call.finished
    expect(result).toMatchObject({ endedBy: 'caller', durationMs: 100 })
    expect(stream.clock.pending()).toBe(0)
  })

  it('can delay start, and records what the server says before it', async () => {
    const stream = openFakeStream({ startDelayMs: 100 })
    stream.frames(1)
    await stream.clock.advance(95)
    expect(stream.sent.map((message) => message.event)).toEqual(['connected'])
    await stream.clock.advance(30)
    expect(stream.sent.map((message) => message.event)).toEqual(['connected', 'start', 'media'])
    stream.close()
    const { violations } = await stream.call.finished
    expect(violations.map((violation) => violation.text)).toEqual(['message before start'])
  })

  it('survives a listener that throws', async () => {
    const stream = openFakeStream({
      onEvent() {
        throw new Error('no')
      },
    })
    stream.frames(3)
    await stream.clock.advance(100)
    stream.close()
    expect((await stream.call.finished).playout.playedMs).toBe(60)
  })
})

describe('scripted callers', () => {
  it('waits for the greeting, speaks, hears the answer and hangs up', async () => {
    const stream = play([
      { wait_mark: 'greeting_end' },
      { say: 'goodbye' },
      'wait_agent_speech',
      { wait_agent_silence: { ms: 200 } },
      'hang_up',
    ])
    stream.frames(10)
    stream.mark('greeting_end#0')
    await stream.clock.advance(1500)
    stream.frames(20)
    stream.mark('reply_end#1')
    await stream.clock.advance(700)
    expect(stream.wireState.closed).toBe(true)
    stream.close()
    expect(await stream.outcome).toEqual({ passed: true })
    const result = await stream.call.finished
    expect(result.endedBy).toBe('caller')
    expect(result.marks.map(({ label, cleared }) => ({ label, cleared }))).toEqual([
      { label: 'greeting_end', cleared: false },
      { label: 'reply_end', cleared: false },
    ])
    expect(result.responses).toHaveLength(1)
    expect(result.responses[0]).toMatchObject({ clip: 'goodbye.wav', agentStartMs: 1500 })
    expect(result.timeline.filter((event) => event.type === 'step')).toHaveLength(5)
  })

  it('says in words which step failed and what it had seen', async () => {
    const stream = play([{ wait_mark: { label: 'greeting_end', timeout_ms: 400 } }])
    stream.frames(5)
    stream.mark('hello#0')
    stream.clear()
    await stream.clock.advance(500)
    expect(await stream.outcome).toEqual({
      passed: false,
      stepIndex: 0,
      step: 'wait_mark greeting_end timeout_ms=400',
      message:
        'step 1 (wait_mark greeting_end timeout_ms=400): waited for mark "greeting_end" to be played: ' +
        'it did not come in time; marks so far: hello#0 (cleared)',
    })
    expect(stream.wireState.closed).toBe(true)
  })

  it('uses each returned mark for one wait only', async () => {
    const stream = play([{ wait_mark: 'r' }, { wait_mark: { label: 'r', timeout_ms: 300 } }])
    stream.mark('r#0')
    await stream.clock.advance(400)
    expect(await stream.outcome).toMatchObject({ passed: false, stepIndex: 1 })
  })

  it('interrupts a while into the agent’s speech and measures how long both spoke', async () => {
    const stream = play([{ interrupt: { file: 'hello', after_ms: 300 } }, 'hang_up'])
    await stream.clock.advance(200)
    stream.frames(100)
    await stream.clock.advance(500)
    expect(stream.events.some((event) => event.type === 'caller-speech-started')).toBe(true)
    stream.clear()
    await stream.clock.advance(1000)
    stream.close()
    const result = await stream.call.finished
    expect(await stream.outcome).toEqual({ passed: true })
    expect(result.overlaps).toHaveLength(1)
    expect(result.overlaps[0]?.agentStopMs).toBe(700)
    expect(result.panel.yield).toEqual({ count: 1, n: 1, rate: 1 })
    expect(result.panel.timeToYield.valuesMs).toEqual([result.overlaps[0]!.overlapMs])
    expect(result.playout.discardedMs).toBe(1500)
  })

  it('fails to interrupt an agent that was done before', async () => {
    const stream = play([{ interrupt: { file: 'hello', after_ms: 300 } }])
    stream.frames(5)
    stream.mark('end#0')
    await stream.clock.advance(500)
    expect(await stream.outcome).toMatchObject({ message: expect.stringContaining('had stopped speaking') })
  })

  it('presses keys with a pause between them', async () => {
    const stream = play([{ dtmf: { digits: '1w#', gap_ms: 100 } }])
    await stream.clock.advance(900)
    expect(stream.sentOf('dtmf').map((message) => message.dtmf?.digit)).toEqual(['1', '#'])
    const [first = 0, second = 0] = stream.sentAtMs.filter((_, i) => stream.sent[i]?.event === 'dtmf')
    expect(second - first).toBe(600)
  })

  it('can send no media at all; timestamps go on and show the gap', async () => {
    const stream = play([{ go_silent: 200 }, { pause_ms: 60 }])
    await stream.clock.advance(300)
    const times = stream.sentOf('media').map((message) => Number(message.media?.timestamp))
    expect(times[0]).toBe(200)
    expect(stream.sentOf('media')[0]?.media?.chunk).toBe('1')
  })

  it('stays silent until it speaks again when no time is given', async () => {
    const stream = play(['go_silent', { pause_ms: 300 }, { say: 'hello' }])
    await stream.clock.advance(280)
    expect(stream.sentOf('media')).toHaveLength(0)
    await stream.clock.advance(100)
    expect(stream.sentOf('media').length).toBeGreaterThan(2)
  })

  it('holds a burst and sends it at once, in order, with the times of capture', async () => {
    const stream = play([{ burst: 200 }, { pause_ms: 400 }])
    await stream.clock.advance(195)
    expect(stream.sentOf('media')).toHaveLength(0)
    await stream.clock.advance(5)
    const times = stream.sentOf('media').map((message) => Number(message.media?.timestamp))
    expect(times).toEqual([20, 40, 60, 80, 100, 120, 140, 160, 180, 200])
    await stream.clock.advance(20)
    expect(stream.sentOf('media')).toHaveLength(11)
  })

  it('can be late and jittery without changing the order', async () => {
    let seed = 1
    const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647
    const stream = play([{ late: 100 }, { jitter: 60 }, { pause_ms: 2000 }], openFakeStream({ random }))
    await stream.clock.advance(1000)
    const delays = stream.sent.flatMap((message, i) =>
      message.media ? [(stream.sentAtMs[i] ?? 0) - Number(message.media.timestamp)] : [],
    )
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(100)
    expect(Math.max(...delays)).toBeLessThanOrEqual(165)
    const chunks = stream.sentOf('media').map((message) => Number(message.media?.chunk))
    expect(chunks).toEqual(chunks.map((_, i) => i + 1))
  })

  it('waits for the agent to hang up', async () => {
    const stream = play([{ wait_hang_up: 1000 }])
    stream.frames(20)
    await stream.clock.advance(100)
    stream.close(1000)
    expect(await stream.outcome).toEqual({ passed: true })
    const result = await stream.call.finished
    expect(result).toMatchObject({ endedBy: 'agent', closeCode: 1000, durationMs: 100 })
    expect(result.playout).toMatchObject({ cutOffMs: 300, playedMs: 100 })
  })

  it('fails a step under which the call ends, and says who ended it', async () => {
    const stream = play([{ wait_mark: 'x' }])
    await stream.clock.advance(100)
    stream.close(1006)
    const outcome = await stream.outcome
    expect(outcome).toMatchObject({
      message: expect.stringContaining('the call was over (ended by: connection-lost); marks so far: none'),
    })
  })

  it('drops the socket without a word', async () => {
    const stream = play(['drop_socket'])
    await stream.clock.advance(10)
    expect(stream.wireState).toEqual({ closed: false, terminated: true })
    expect(stream.sentOf('stop')).toEqual([])
    expect((await stream.call.finished).endedBy).toBe('socket-dropped')
    expect(stream.clock.pending()).toBe(0)
  })
})

describe('what is heard', () => {
  it('finds an answer that begins in the silence at the end of the caller’s recording', async () => {
    const stream = openFakeStream()
    const clip = createClip('b', new Uint8Array(160 * 30).fill(0xff).fill(0x90, 0, 160 * 10))
    void stream.call.say(clip)
    await stream.clock.advance(500)
    stream.frames(5, 0xa0)
    await stream.clock.advance(500)
    stream.close()
    const { responses, timeline } = await stream.call.finished
    expect(responses).toEqual([
      { clip: 'b', callerEndMs: 200, agentStartMs: 500, agentAudibleMs: 500, responseMs: 300 },
    ])
    const times = timeline.map((event) => event.atMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  it('keeps the rhythm of frames across a mark, and starts a new one after a pause', async () => {
    const stream = openFakeStream()
    for (let i = 0; i < 20; i++) {
      stream.frames(1)
      if (i === 9) stream.mark('clause#0')
      await stream.clock.advance(i === 9 ? 25 : 20)
    }
    stream.mark('end#0')
    await stream.clock.advance(700)
    for (let i = 0; i < 10; i++) {
      stream.frames(1)
      await stream.clock.advance(20)
    }
    stream.close()
    const { received } = await stream.call.finished
    expect(received.latenessMs).toMatchObject({ count: 30, max: 5 })
    expect(received.interArrivalMs.max).toBe(25)
  })

  it('puts both sides on one time line and cuts what was cleared', async () => {
    const stream = openFakeStream()
    void stream.call.say(speech)
    await stream.clock.advance(50)
    stream.frames(10, 0xa0)
    await stream.clock.advance(110)
    stream.clear()
    await stream.clock.advance(20)
    stream.close()
    await stream.call.finished
    const agent = stream.call.recording!.channel('agent')
    const caller = stream.call.recording!.channel('caller')
    expect(agent).toHaveLength(caller.length)
    expect([agent.indexOf(0xa0) / 8, (agent.lastIndexOf(0xa0) + 1) / 8]).toEqual([50, 160])
    expect([caller.indexOf(0x90) / 8, (caller.lastIndexOf(0x90) + 1) / 8]).toEqual([0, 100])
    const wav = stream.call.recording!.toWav()
    expect(new TextDecoder().decode(wav.subarray(0, 4))).toBe('RIFF')
    expect(wav).toHaveLength(44 + agent.length * 4)
  })

  it('counts payloads that are not one frame long, and finds the first sound that can be heard', async () => {
    const stream = openFakeStream()
    stream.frames(5, 0xff)
    stream.raw({
      event: 'media',
      streamSid: stream.streamSid,
      media: { payload: Buffer.alloc(80, 0xa0).toString('base64') },
    })
    await stream.clock.advance(200)
    stream.close()
    const result = await stream.call.finished
    expect(result.received.wrongSizePayloads).toBe(1)
    expect(stream.events.find((event) => event.type === 'agent-audible')?.atMs).toBe(100)
  })
})
