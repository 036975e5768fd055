import type { TransportProvider } from '@kav/core'
import { testContext, type TestContext } from '@kav/core/testing'
import twilio, { type TwilioParams } from '../src/index.ts'
import { openLoopbackHost, type LoopbackHost } from './loopback-host.ts'
import { recordCall, type RecordedCall } from './recorded-call.ts'
import { CALL_SID, CONNECTED, openTwilioStream, startMessage, type TwilioStream } from './twilio-stream.ts'

/** Where the process hands on the streams of browsers; the operator's token stands before it there. */
export const OPERATORS_PATH = '/operators/stream'

/** The transport on a loopback server, and the ways Twilio has of reaching it. */
export interface TwilioLine {
  readonly context: TestContext
  readonly provider: TransportProvider
  readonly server: LoopbackHost
  readonly calls: readonly RecordedCall[]
  /** Posts the voice webhook. */
  webhook(
    fields?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: string }>
  /** A token from the webhook's answer. */
  token(callSid?: string): Promise<string>
  stream(headers?: Record<string, string>): Promise<TwilioStream>
  /** Webhook, stream and `start`: a call that is on. */
  call(callSid?: string): Promise<{ stream: TwilioStream; call: RecordedCall }>
  close(): Promise<void>
}

export interface TwilioLineOptions {
  readonly params?: TwilioParams
  readonly context?: Partial<TestContext>
  /** Looks at each call before it is opened; returning false leaves it unopened. */
  beforeOpen?(call: { readonly id: string }): boolean
}

export async function openTwilioLine(options: TwilioLineOptions = {}): Promise<TwilioLine> {
  const context = testContext(options.context)
  const provider = twilio.create(
    { validate_signature: false, end_timeout_ms: 500, ...options.params },
    context,
  )
  const calls: RecordedCall[] = []
  const arrivals: ((call: RecordedCall) => void)[] = []
  const server = await openLoopbackHost((call) => {
    if (options.beforeOpen?.(call) === false) return
    const recorded = recordCall(call)
    calls.push(recorded)
    arrivals.shift()?.(recorded)
  })
  provider.attach(server.host)
  server.host.upgrade(OPERATORS_PATH, (...asked) => provider.browserCalls?.receive(...asked))

  const line: TwilioLine = {
    context,
    provider,
    server,
    calls,
    async webhook(fields = {}, headers = {}) {
      const response = await fetch(`${server.origin}/twilio/voice`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({
          CallSid: CALL_SID,
          From: '+15550001111',
          To: '+15552223333',
          Direction: 'inbound',
          ...fields,
        }),
      })
      return { status: response.status, body: await response.text() }
    },
    async token(callSid = CALL_SID) {
      const { body } = await line.webhook({ CallSid: callSid })
      return /name="token" value="([^"]*)"/.exec(body)?.[1] ?? ''
    },
    stream: (headers = {}) =>
      openTwilioStream(`${server.origin.replace('http', 'ws')}/twilio/media`, { headers }),
    async call(callSid = CALL_SID) {
      const token = await line.token(callSid)
      const stream = await line.stream()
      const arrival = new Promise<RecordedCall>((resolve) => arrivals.push(resolve))
      stream.send(CONNECTED)
      stream.send(startMessage({ token }, callSid))
      return { stream, call: await arrival }
    },
    async close() {
      await provider.close()
      await server.close()
    },
  }
  return line
}
