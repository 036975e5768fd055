import { MULAW_8K, type TransportCall, type TransportCallHandlers } from '@kav/core'
import {
  type CallEvent,
  createCallTelemetry,
  createFrameClock,
  createVadTap,
  startCallSession,
} from '@kav/core/host'
import {
  createFakeClock,
  createFakeLlm,
  createFakeStt,
  createFakeTts,
  createFakeVad,
  createTestLogger,
  createTestMetrics,
  RIG_SETTINGS,
  testStages,
} from '@kav/core/testing'
import { expect, it } from 'vitest'
import { createClip } from '../src/clip.ts'
import { openPhoneCall } from '../src/open-phone-call.ts'
import { createPacer } from '../src/pacer.ts'
import type { PhoneCall } from '../src/phone-call.ts'
import type { PhoneMessage } from './support/loopback-server.ts'

const STREAM_SID = `MZ${'0'.repeat(32)}`
const ANSWERS = ['The first answer.', 'The second answer.', 'The third answer.']
const FAREWELL = { text: 'Goodbye to you.', toolCalls: [{ id: '1', name: 'hang_up', arguments: '{}' }] }
/** Loud enough for the detector of the fakes. */
const WORD = createClip(
  'word',
  Uint8Array.from({ length: 160 * 25 }, (_, at) => (at % 2 === 0 ? 0x10 : 0x90)),
)

/** The phone and a whole agent of fakes on one clock, message by message between them. */
function openCall(phoneOptions: { returnsMarks: boolean }) {
  const time = createFakeClock()
  const { clock } = time
  const frameClock = createFrameClock(clock)
  const metrics = createTestMetrics()
  const log = createTestLogger()
  const events: CallEvent[] = []
  const stt = createFakeStt({ clock })
  const llm = createFakeLlm({ clock, replies: [...ANSWERS, FAREWELL] })
  const tts = createFakeTts({ clock })
  const vad = createVadTap(createFakeVad().provider, frameClock, clock)
  const named = <Provider>(provider: Provider) => [{ name: 'fake', provider }]
  const stages = testStages(
    { stt: named(stt.provider), llm: named(llm.provider), tts: named(tts.provider) },
    { clock, metrics, log },
  )
  let handlers: TransportCallHandlers | undefined
  const say = (message: object): void =>
    phone.receive(Buffer.from(JSON.stringify({ ...message, streamSid: STREAM_SID })), false)

  const call: TransportCall = {
    id: 'CA1',
    format: MULAW_8K,
    params: {},
    bufferedBytes: 0,
    open: (given) => void (handlers = given),
    send: (frame) => say({ event: 'media', media: { payload: Buffer.from(frame).toString('base64') } }),
    mark: (name) => say({ event: 'mark', mark: { name } }),
    clear: () => say({ event: 'clear' }),
    async hangUp() {
      phone.closed(1000)
      handlers?.onHangUp('agent')
    },
  }
  const phone = openPhoneCall(
    {
      send(text) {
        const message = JSON.parse(text) as PhoneMessage
        if (message.media) handlers?.onMedia(Buffer.from(message.media.payload, 'base64'))
        if (message.mark) handlers?.onMark(message.mark.name)
      },
      close: () => undefined,
      terminate: () => undefined,
    },
    {
      identity: { accountSid: 'AC1', callSid: 'CA1', from: '+1', to: '+2', direction: 'inbound' },
      streamSid: STREAM_SID,
      parameters: {},
      pacer: createPacer(clock),
      setup: { webhookMs: 0, connectMs: 0 },
      ...phoneOptions,
    },
  )
  const telemetry = createCallTelemetry({ log, metrics, clock, onEvent: (event) => events.push(event) })
  const session = startCallSession({
    call,
    settings: RIG_SETTINGS,
    stages: { ...stages, vad },
    clock,
    frameClock,
    telemetry,
    taps: [],
  })
  return { time, clock, stt, metrics, events, session, phone: phone.call }
}

/** Moves on until the agent has been silent for `silentMs` after `heard` stretches of speech. */
async function agentSilent(
  time: { advance(ms: number): Promise<void> },
  phone: PhoneCall,
  silentMs: number,
): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    await time.advance(20)
    const { playout } = phone
    if (!playout.speaking && playout.segments.length > 0 && phone.nowMs - playout.silentSinceMs >= silentMs)
      return
  }
  throw new Error('the agent never fell silent')
}

/** The caller answers so long after the greeting, then 400 ms after the agent each time, as people do. */
async function converse({ time, stt, phone }: ReturnType<typeof openCall>, greetedMs = 2500): Promise<void> {
  await agentSilent(time, phone, greetedMs)
  for (const words of ['one', 'two', 'three', 'bye']) {
    const before = phone.playout.segments.length
    void phone.say(WORD)
    await time.advance(700)
    stt.sessions[0]!.emit({ type: 'final', text: words })
    for (let waited = 0; waited < 10_000 && phone.playout.segments.length === before; waited += 20) {
      await time.advance(20)
    }
    if (words !== 'bye') await agentSilent(time, phone, 400)
  }
  for (let waited = 0; waited < 15_000 && !phone.ended; waited += 20) await time.advance(20)
}

it('a far end without marks is found out by the greeting: no reply is taken for cut, the farewell ends the call', async () => {
  const call = openCall({ returnsMarks: false })
  await converse(call)
  const { endedBy, durationMs, violations } = await call.phone.finished
  const lastWordMs = call.phone.playout.segments.at(-1)!.endMs
  expect({ endedBy, violations }).toEqual({ endedBy: 'agent', violations: [] })
  // All of it was heard, and nobody waits for a mark.
  expect(lastWordMs).toBeLessThanOrEqual(durationMs)
  expect(durationMs - lastWordMs).toBeLessThan(500)
  await call.time.advance(12_000)
  const { counters } = await call.session.done
  expect(counters['tx_marks_missing']).toBe(counters['tx_marks'])
  const told = call.events.filter(({ event }) => /^(marks_|interrupted|paused|reply_ended)/.test(event))
  expect(told.map(({ event, fields }) => fields['outcome'] ?? event)).toEqual([
    'marks_missing',
    ...Array.from({ length: 4 }, () => 'heard'),
  ])
  expect(call.metrics.value('call_events_total', { event: 'marks_missing' })).toBe(1)
})

it('it is found out also by a caller who answers at once: what is taken for cut is the greeting alone', async () => {
  const call = openCall({ returnsMarks: false })
  await converse(call, 200)
  const { durationMs } = await call.phone.finished
  expect(durationMs - call.phone.playout.segments.at(-1)!.endMs).toBeLessThan(500)
  const told = call.events.filter(({ event }) => /^(marks_|interrupted|reply_ended)/.test(event))
  expect(told.map(({ event, fields }) => fields['outcome'] ?? event)).toEqual([
    'interrupted',
    'marks_missing',
    ...Array.from({ length: 4 }, () => 'heard'),
  ])
})

it('one that returns its marks is not suspected', async () => {
  const call = openCall({ returnsMarks: true })
  await converse(call)
  await call.time.advance(12_000)
  const { counters } = await call.session.done
  expect(counters['tx_marks_missing']).toBe(0)
  expect(call.events.filter(({ event }) => event.startsWith('marks_'))).toEqual([])
})
