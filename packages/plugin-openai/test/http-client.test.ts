import { MULAW_8K } from '@kav/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ask, closeAfterTest, collect, llmAt, loopback, never, sttFor, textOf, ttsFor } from './setup.ts'

afterEach(() => void vi.unstubAllGlobals())

describe('every request', () => {
  it('goes by one HTTP client, and never by the one that Node happens to have', async () => {
    const nodes = vi.fn(() => Promise.reject(new Error('not this one')))
    vi.stubGlobal('fetch', nodes)
    const server = await loopback()
    expect(textOf(await collect(llmAt(server).reply(ask('hi'), never)))).toBe('Hello there.')
    const stt = sttFor(server, { mode: 'file' })
    closeAfterTest(() => stt.close())
    const options = { callId: 'call-1', format: MULAW_8K, hints: [], signal: never }
    expect(await stt.recognize!(new Uint8Array(800), options)).toBe('hello')
    const upload = await server.request('/audio/transcriptions')
    expect(upload.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(upload.body.toString('latin1')).toContain('filename="utterance.wav"')
    const tts = ttsFor(server)
    closeAfterTest(() => tts.close())
    const audio = await collect(tts.speak({ callId: 'call-1', text: 'Hi.', format: tts.produces[0]! }, never))
    expect(audio.length).toBeGreaterThan(0)
    expect(nodes).not.toHaveBeenCalled()
  })
})

describe('a redirect', () => {
  const to =
    (location: string) =>
    (script: Parameters<Parameters<Awaited<ReturnType<typeof loopback>>['next']>[1]>[0]) => {
      script.head(307, { location })
      script.end()
    }

  it('to another server is told, and not followed: no key goes along, whatever header it stands in', async () => {
    const [server, other] = [await loopback(), await loopback()]
    const elsewhere = `${other.baseUrl.replace('127.0.0.1', 'localhost')}/chat/completions`
    server.next('/chat/completions', to(elsewhere))
    const llm = llmAt(server, { headers: { 'api-key': 'a-key-of-azure' } })
    await expect(collect(llm.reply(ask('hi'), never))).rejects.toThrow(/redirects to http:\/\/localhost:\d+/)
    expect(other.requests).toEqual([])
  })

  it('on the same server is followed with the same request', async () => {
    const server = await loopback()
    server.next('/chat/completions', to(`${server.baseUrl}/chat/completions`))
    expect(textOf(await collect(llmAt(server).reply(ask('hi'), never)))).toBe('Hello there.')
    expect(server.requests).toHaveLength(2)
  })
})
