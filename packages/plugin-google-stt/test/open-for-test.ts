import { MULAW_8K, type SttEvent, type SttProvider, type SttSession, type SttSessionOptions } from '@kav/core'
import { testContext, type TestContext } from '@kav/core/testing'
import { onTestFinished } from 'vitest'
import plugin, { type GoogleSttParams } from '../src/index.ts'
import {
  openSpeechServer,
  openStallingProxy,
  type SpeechServer,
  type SpeechServerOptions,
  type StallingProxy,
} from '../src/testing/index.ts'

/** A speech server that closes with the test. */
export async function serve(options: SpeechServerOptions = {}): Promise<SpeechServer> {
  const server = await openSpeechServer(options)
  onTestFinished(() => server.close())
  return server
}

/** A stalling proxy that closes with the test. */
export async function proxyTo(port: number): Promise<StallingProxy> {
  const proxy = await openStallingProxy(port)
  onTestFinished(() => proxy.close())
  return proxy
}

/** A provider on `endpoint` that closes with the test. */
export function provide(
  endpoint: string,
  params: Partial<GoogleSttParams> = {},
  context: TestContext = testContext(),
): { provider: SttProvider; context: TestContext } {
  const provider = plugin.create({ language: 'he-IL', endpoint, ...params }, context)
  onTestFinished(() => provider.close())
  return { provider, context }
}

export function open(provider: SttProvider, options: Partial<SttSessionOptions> = {}): Promise<SttSession> {
  return provider.openSession({
    callId: 'test',
    format: MULAW_8K,
    hints: [],
    signal: new AbortController().signal,
    ...options,
  })
}

/** Everything a session says until it ends, and what it threw. */
export async function hearAll(session: SttSession): Promise<{ events: SttEvent[]; error: unknown }> {
  const events: SttEvent[] = []
  try {
    for await (const event of session.events) events.push(event)
  } catch (error) {
    return { events, error }
  }
  return { events, error: undefined }
}
