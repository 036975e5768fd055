import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import twilio from 'twilio'
import { afterEach, describe, expect, it } from 'vitest'
import { readWav } from '@kav/core'
import { openCarrierApi } from '../src/carrier-api.ts'
import { createCallerScript } from '../src/caller-script.ts'
import { createClip } from '../src/clip.ts'
import { createPacer } from '../src/pacer.ts'
import { placeCall } from '../src/place-call.ts'
import { placeCalls } from '../src/place-calls.ts'
import { runCallScript } from '../src/run-call-script.ts'
import {
  openLoopbackServer,
  twimlFor,
  type LoopbackOptions,
  type LoopbackServer,
} from './support/loopback-server.ts'
import { createFastClock } from './support/fast-clock.ts'

const cleanUps: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function serve(options: LoopbackOptions = {}): Promise<LoopbackServer> {
  const server = await openLoopbackServer(options)
  cleanUps.push(() => server.close())
  return server
}

const frame = new Uint8Array(160).fill(0x90)

describe('placing a call', () => {
  it('posts the webhook as Twilio does and starts the stream it names', async () => {
    const server = await serve()
    const call = await placeCall({ webhookUrl: server.url, from: '+15550100', to: '+15550111' })
    const stream = server.streams[0]!
    const media = await stream.next((message) => message.event === 'media')
    call.hangUp()
    const result = await call.finished
    expect(server.webhooks[0]?.path).toBe('/twilio/voice')
    expect(server.webhooks[0]?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    })
    expect(server.webhooks[0]?.headers['x-twilio-signature']).toBeUndefined()
    expect(server.webhooks[0]?.fields).toEqual({
      AccountSid: expect.stringMatching(/^AC[0-9a-f]{32}$/),
      ApiVersion: '2010-04-01',
      CallSid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
      CallStatus: 'ringing',
      Called: '+15550111',
      Caller: '+15550100',
      Direction: 'inbound',
      From: '+15550100',
      To: '+15550111',
    })
    expect(stream.messages.slice(0, 2).map((message) => message.event)).toEqual(['connected', 'start'])
    expect(stream.messages[1]?.start).toMatchObject({
      callSid: call.callSid,
      customParameters: { token: 't1' },
    })
    expect(media.streamSid).toMatch(/^MZ[0-9a-f]{32}$/)
    await stream.next((message) => message.event === 'stop')
    expect(result).toMatchObject({ endedBy: 'caller', closeCode: 1000, violations: [] })
    expect(stream.headers['sec-websocket-extensions']).toBeUndefined()
    expect(stream.headers['sec-websocket-protocol']).toBeUndefined()
  })

  it('signs webhook, upgrade and status callback for the public address, and reaches it on loopback', async () => {
    const server = await serve({
      webhook: () => ({
        body: twimlFor('wss://phone.example.com/media').replace(
          '<Stream',
          '<Stream statusCallback="https://phone.example.com/status"',
        ),
      }),
    })
    const call = await placeCall({
      webhookUrl: server.url,
      publicUrl: 'https://phone.example.com/',
      authToken: 'secret',
    })
    call.hangUp()
    const result = await call.finished
    while (server.webhooks.length < 3) await new Promise(setImmediate)
    const [voice, ...statuses] = server.webhooks
    const signature = voice?.headers['x-twilio-signature'] as string
    expect(
      twilio.validateRequest('secret', signature, 'https://phone.example.com/twilio/voice', voice!.fields),
    ).toBe(true)
    expect(voice?.headers).toMatchObject({ host: 'phone.example.com', 'x-forwarded-proto': 'https' })
    const upgrade = server.streams[0]!.headers
    expect(
      twilio.validateRequest(
        'secret',
        upgrade['x-twilio-signature'] as string,
        'wss://phone.example.com/media',
        {},
      ),
    ).toBe(true)
    expect(upgrade.host).toBe('phone.example.com')
    expect(statuses.map(({ fields }) => fields['StreamEvent']).sort()).toEqual([
      'stream-started',
      'stream-stopped',
    ])
    for (const { headers, fields } of statuses) {
      expect(fields).toMatchObject({ CallSid: call.callSid, StreamSid: call.streamSid })
      expect(
        twilio.validateRequest(
          'secret',
          headers['x-twilio-signature'] as string,
          'https://phone.example.com/status',
          fields,
        ),
      ).toBe(true)
    }
    expect(result.violations).toEqual([])
  })

  it('plays a bridge that signs its webhooks alone, and one that returns no marks', async () => {
    const server = await serve({ onStart: (stream) => stream.mark('m#0') })
    const bridge = { webhookUrl: server.url, authToken: 'secret', signs: 'webhook' } as const
    const calls = [await placeCall({ ...bridge, returnsMarks: false }), await placeCall(bridge)]
    const [without, withMarks] = server.streams
    await withMarks!.next((message) => message.event === 'mark')
    for (const call of calls) {
      await call.until(() => call.playout.marks[0]?.returnedAtMs, { what: 'its mark', timeoutMs: 2000 })
      call.hangUp()
    }
    await Promise.all(calls.map((call) => call.finished))
    await without!.next((message) => message.event === 'stop')
    expect(without!.messages.filter((message) => message.event === 'mark')).toEqual([])
    for (const { headers } of server.webhooks) expect(headers['x-twilio-signature']).toBeDefined()
    for (const { headers } of server.streams) expect(headers['x-twilio-signature']).toBeUndefined()
  })

  it.each<[string, LoopbackOptions, string, RegExp]>([
    [
      'a refusal',
      { webhook: () => ({ status: 403, body: 'bad signature' }) },
      'KAV_PHONE_WEBHOOK_FAILED',
      /answered 403: the server refused the signature: give the phone the same auth token and public URL as the server; it said: bad signature/,
    ],
    [
      'a fault',
      { webhook: () => ({ status: 500 }) },
      'KAV_PHONE_WEBHOOK_FAILED',
      /answered 500: see the log of the server$/,
    ],
    ['a cut connection', { webhook: () => null }, 'KAV_PHONE_WEBHOOK_FAILED', /voice: socket hang up/],
    [
      'another content type',
      { webhook: () => ({ type: 'application/json', body: '{}' }) },
      'KAV_PHONE_WEBHOOK_FAILED',
      /Content-Type application\/json; TwiML is text\/xml/,
    ],
    [
      'TwiML that rejects',
      { webhook: () => ({ body: '<Response><Reject/></Response>' }) },
      'KAV_PHONE_TWIML_INVALID',
      /rejects the call \(reason "rejected"\)/,
    ],
    [
      'a refused upgrade',
      { refuseUpgrade: 403 },
      'KAV_PHONE_STREAM_FAILED',
      /the upgrade was answered 403, not 101 \(Twilio error 31920\)/,
    ],
    [
      'a stream nobody serves',
      { webhook: () => ({ body: twimlFor('ws://127.0.0.1:1/media') }) },
      'KAV_PHONE_STREAM_FAILED',
      /connection refused \(Twilio error 31902\)/,
    ],
  ])('explains %s', async (_, options, code, message) => {
    const server = await serve(options)
    const failed = placeCall({ webhookUrl: server.url })
    await expect(failed).rejects.toThrow(message)
    await expect(failed).rejects.toMatchObject({ code })
  })

  it('explains a webhook nobody serves', async () => {
    await expect(placeCall({ webhookUrl: 'http://127.0.0.1:1/x' })).rejects.toThrow(
      /POST http:\/\/127\.0\.0\.1:1\/x: .*ECONNREFUSED/,
    )
  })

  it('misses nothing that the server says in the same breath as it opens', async () => {
    const server = await serve({
      onOpen(stream) {
        stream.raw('{"event":"early"}')
        stream.socket.send(Buffer.from([1, 2]), { binary: true })
        stream.socket.close(1001)
      },
    })
    const call = await placeCall({ webhookUrl: server.url })
    const result = await call.finished
    expect(result).toMatchObject({ endedBy: 'agent', closeCode: 1001 })
    expect(result.violations.map(({ text }) => text)).toEqual([
      expect.stringContaining('unknown event "early"'),
      'binary message (Twilio warning 31950)',
    ])
  })

  it('tells a broken connection from a closed one', async () => {
    const server = await serve({ onStart: (stream) => stream.socket.terminate() })
    const call = await placeCall({ webhookUrl: server.url })
    expect((await call.finished).endedBy).toBe('connection-lost')
  })
})

describe('a whole call', () => {
  it('is played from a script, recorded, and ended by the server through the carrier’s API', async () => {
    const clock = createFastClock(20)
    const api = await openCarrierApi({ accountSid: 'AC1', authToken: 'secret' })
    cleanUps.push(() => api.close())
    const complete = (callSid: string, fields: Record<string, string>, token = 'secret'): Promise<Response> =>
      fetch(`${api.url}/2010-04-01/Accounts/AC1/Calls/${callSid}.json`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`AC1:${token}`).toString('base64')}` },
        body: new URLSearchParams(fields),
      })
    const answers: number[] = []
    const server = await serve({
      onStart(stream) {
        for (let i = 0; i < 25; i++) stream.media(frame)
        stream.mark('greeting_end#0')
      },
      onMessage(stream, message) {
        if (message.event === 'dtmf') {
          for (let i = 0; i < 10; i++) stream.media(frame)
          stream.mark('farewell#1')
        }
        if (message.mark?.name !== 'farewell#1') return
        const callSid = stream.messages[1]?.start?.callSid ?? ''
        void (async () => {
          answers.push((await complete('CA9', { Status: 'completed' })).status)
          answers.push((await complete(callSid, { Status: 'completed' }, 'wrong')).status)
          answers.push((await complete(callSid, { Status: 'busy' })).status)
          answers.push((await complete(callSid, { Status: 'completed' })).status)
        })()
      },
    })
    const folder = mkdtempSync(join(tmpdir(), 'kav-phone-'))
    cleanUps.push(() => rmSync(folder, { recursive: true }))
    const recordTo = join(folder, 'deep', 'call.wav')
    const result = await runCallScript({
      webhookUrl: server.url,
      pacer: createPacer(clock),
      script: createCallerScript({
        steps: [
          { wait_mark: 'greeting_end' },
          { say: 'hello' },
          { dtmf: '1' },
          { wait_mark: 'farewell' },
          'wait_hang_up',
        ],
      }),
      recordTo,
      onCall: (call) => api.add(call),
    })
    expect(result.script).toEqual({ passed: true })
    expect(answers).toEqual([404, 401, 400, 200])
    expect(api.requests.map(({ status }) => status)).toEqual([404, 400, 200])
    expect(result).toMatchObject({
      endedBy: 'agent',
      violations: [],
      // Not whether the audio came in time: at twenty times the speed that is the machine's affair.
      playout: { receivedMs: 700, playedMs: 700 },
    })
    expect(server.streams[0]?.messages.at(-1)?.event).toBe('stop')
    expect(existsSync(recordTo)).toBe(true)
    const { format, channels, audio } = readWav(readFileSync(recordTo))
    expect({ format, channels }).toEqual({
      format: { encoding: 'linear16', sampleRateHz: 8000 },
      channels: 2,
    })
    expect(audio.length / 32).toBeGreaterThan(700 + 800)
  })

  it('is transferred through the carrier’s API', async () => {
    const api = await openCarrierApi()
    cleanUps.push(() => api.close())
    const server = await serve()
    const call = await placeCall({ webhookUrl: server.url })
    api.add(call)
    const { callSid } = call
    const answer = await fetch(`${api.url}/2010-04-01/Accounts/AC1/Calls/${callSid}.json`, {
      method: 'POST',
      body: new URLSearchParams({ Twiml: '<Response><Dial>+1</Dial></Response>' }),
    })
    expect(await answer.json()).toMatchObject({ sid: callSid, status: 'in-progress' })
    expect((await call.finished).endedBy).toBe('transferred')
  })

  it('hangs up when it is aborted or when its owner throws', async () => {
    const server = await serve()
    const script = createCallerScript({ steps: ['wait_hang_up'] })
    const abort = new AbortController()
    const result = await runCallScript({
      webhookUrl: server.url,
      script,
      signal: abort.signal,
      onCall: () => void setImmediate(() => abort.abort()),
    })
    expect(result.endedBy).toBe('caller')
    const thrown = runCallScript({
      webhookUrl: server.url,
      script,
      onCall() {
        throw new Error('no')
      },
    })
    await expect(thrown).rejects.toThrow('no')
    await server.streams[1]!.next((message) => message.event === 'stop')
  })

  it('ends when its time is over', async () => {
    const server = await serve()
    const result = await runCallScript({
      webhookUrl: server.url,
      pacer: createPacer(createFastClock(50)),
      script: createCallerScript({ timeout_ms: 500, steps: ['wait_hang_up'] }),
    })
    expect(result.endedBy).toBe('time-limit')
    expect(result.script).toMatchObject({ passed: false, stepIndex: 0 })
  })
})

describe('load', () => {
  it('places many calls on one pacer and adds up what was measured', async () => {
    const server = await serve({ onMessage: (stream, message) => void stream.raw(JSON.stringify(message)) })
    const windows: number[] = []
    const load = await placeCalls(12, {
      webhookUrl: server.url,
      strict: false,
      warmUpMs: 400,
      measureMs: 4000,
      clip: createClip('load', frame),
      pacer: createPacer(createFastClock(8)),
      onWindowStart: (calls) => void windows.push(calls.length),
      onWindowEnd: (calls) => void windows.push(calls.length),
    })
    expect(windows).toEqual([12, 12])
    expect(load).toMatchObject({ placed: 12, failures: {}, endedEarly: 0, violations: {} })
    expect(load.framesReceived).toBeGreaterThan(12 * 50)
    expect(load.calls).toHaveLength(12)
    expect(load.fps.count).toBe(12)
  })

  it('counts the calls that could not be placed by their reason', async () => {
    const server = await serve({ refuseUpgrade: 503 })
    const load = await placeCalls(3, { webhookUrl: server.url, warmUpMs: 0, measureMs: 1 })
    expect(load.placed).toBe(0)
    expect(Object.values(load.failures)).toEqual([3])
  })
})
