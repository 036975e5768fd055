import { createFakeClock, type FakeClock } from '@kav/core/testing'
import { createPacer } from '../../src/pacer.ts'
import type { PhoneCall, PhoneCallOptions } from '../../src/phone-call.ts'
import type { PhoneEvent } from '../../src/phone-event.ts'
import { openPhoneCall } from '../../src/open-phone-call.ts'
import type { PhoneMessage } from './loopback-server.ts'

/** A call on a fake clock whose wire ends in the test. */
export interface FakeStream {
  readonly call: PhoneCall
  readonly clock: FakeClock
  readonly sent: PhoneMessage[]
  /** When each of `sent` was sent, on the stream's line. */
  readonly sentAtMs: number[]
  readonly events: PhoneEvent[]
  readonly wireState: { closed: boolean; terminated: boolean }
  readonly streamSid: string
  frames(count: number, code?: number): void
  mark(name: string): void
  clear(): void
  raw(value: unknown): void
  /** The server's end of the socket closes. */
  close(code?: number): void
  sentOf(event: string): PhoneMessage[]
}

export function openFakeStream(options: Partial<PhoneCallOptions> = {}): FakeStream {
  const fake = createFakeClock()
  const sent: PhoneMessage[] = []
  const sentAtMs: number[] = []
  const events: PhoneEvent[] = []
  const wireState = { closed: false, terminated: false }
  const streamSid = 'MZ' + '0'.repeat(32)
  const startMs = fake.clock.nowMs()
  const handle = openPhoneCall(
    {
      send(text) {
        sent.push(JSON.parse(text) as PhoneMessage)
        sentAtMs.push(fake.clock.nowMs() - startMs)
      },
      close() {
        wireState.closed = true
      },
      terminate() {
        wireState.terminated = true
      },
    },
    {
      identity: { accountSid: 'AC1', callSid: 'CA1', from: '+1', to: '+2', direction: 'inbound' },
      streamSid,
      parameters: {},
      pacer: createPacer(fake.clock),
      setup: { webhookMs: 0, connectMs: 0 },
      onEvent: (event) => events.push(event),
      ...options,
    },
  )
  const raw = (value: unknown): void =>
    handle.receive(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), false)
  return {
    call: handle.call,
    clock: fake,
    sent,
    sentAtMs,
    events,
    wireState,
    streamSid,
    frames(count, code = 0x90) {
      const payload = Buffer.alloc(160, code).toString('base64')
      for (let i = 0; i < count; i++) raw({ event: 'media', streamSid, media: { payload } })
    },
    mark: (name) => raw({ event: 'mark', streamSid, mark: { name } }),
    clear: () => raw({ event: 'clear', streamSid }),
    raw,
    close: (code = 1000) => handle.closed(code),
    sentOf: (event) => sent.filter((message) => message.event === event),
  }
}
