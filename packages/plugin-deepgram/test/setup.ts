import type { PluginContext, SttProvider, SttSession } from '@kav/core'
import { MULAW_8K } from '@kav/core'
import { testContext, testParams } from '@kav/core/testing'
import { afterEach } from 'vitest'
import { deepgramStt, deepgramTts } from '../src/index.ts'
import { type DeepgramServer, openDeepgramServer } from '../src/testing/index.ts'

export { collect, collectToError, rejection } from '@kav/core/testing'

/** Closes what a test opened, in reverse order, after it. */
const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

export function closeAfterTest(close: () => Promise<unknown>): void {
  opened.push(close)
}

export async function loopback(): Promise<DeepgramServer> {
  const server = await openDeepgramServer()
  closeAfterTest(() => server.close())
  return server
}

type Given = Readonly<Record<string, unknown>>

export function sttFor(
  server: { baseUrl: string },
  given: Given = {},
  context: PluginContext = testContext(),
) {
  return deepgramStt.create(testParams(deepgramStt.params, at(server, given)), context)
}

export function ttsFor(
  server: { baseUrl: string },
  given: Given = {},
  context: PluginContext = testContext(),
) {
  return deepgramTts.create(testParams(deepgramTts.params, at(server, given)), context)
}

function at(server: { baseUrl: string }, given: Given) {
  return { base_url: server.baseUrl, api_key: 'good-key', ...given }
}

/** A session, closed with its provider after the test. */
export async function openSession(stt: SttProvider, given: Given = {}): Promise<SttSession> {
  closeAfterTest(() => stt.close())
  return stt.openSession({
    callId: 'call-1',
    format: MULAW_8K,
    hints: [],
    signal: new AbortController().signal,
    ...given,
  })
}

export const never: AbortSignal = new AbortController().signal
