import { inspect } from 'node:util'
import { testContext } from '@kav/core/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { RecognitionScript } from '../src/testing/index.ts'
import { KEY, hear, open, provide, serve, write } from './open-for-test.ts'

const printed: string[] = []

beforeEach(() => {
  printed.length = 0
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      printed.push(String(chunk))
      return true
    })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
})

const FAULTS: Record<string, RecognitionScript> = {
  'a refused key': { refuse: 401 },
  throttling: { refuse: 429 },
  'a server that is down': { refuse: 503 },
  'a reset': { refuse: 'reset' },
  'a server that does not answer': { refuse: 'hang' },
  'a fatal close': { closeAt: { ms: 100, code: 1007, reason: `bad ${KEY}` } },
  'a fatal close that quotes the URL': {
    closeAt: { ms: 100, code: 1003, reason: `wss://x/y?Ocp-Apim-Subscription-Key=${KEY}` },
  },
  'a dead recogniser': { results: [{ atMs: 100, status: 'Error' }] },
}

for (const [name, script] of Object.entries(FAULTS)) {
  it(`the key appears nowhere after ${name}`, async () => {
    const server = await serve({ script: () => script })
    const context = testContext()
    const { provider } = provide({ host: server.host, connect_timeout_ms: 300 }, context)
    const thrown: unknown[] = []
    try {
      const session = await open(provider)
      const heard = hear(session)
      write(session, 0, 10)
      await heard.over
      thrown.push(heard.error)
      await session.close()
    } catch (error) {
      thrown.push(error)
    }
    await provider
      .recognize?.(new Uint8Array(1600), {
        callId: 'test',
        format: { encoding: 'mulaw', sampleRateHz: 8000 },
        hints: [],
        signal: new AbortController().signal,
      })
      .catch((error: unknown) => thrown.push(error))
    expect(thrown.length).toBeGreaterThan(0)
    const everything = inspect([thrown, context.log, context.metrics, printed], {
      depth: 20,
      showHidden: true,
    })
    expect(everything).not.toContain(KEY)
    expect(everything).not.toContain(encodeURIComponent(KEY))
    expect(everything).toContain('Azure')
  })
}
