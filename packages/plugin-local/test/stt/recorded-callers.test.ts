import { MULAW_8K, type SttEvent } from '@kav/core'
import { denoisedProviders } from '@kav/core/host'
import { createFakeClock, testContext, testParams } from '@kav/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { localDenoise } from '../../src/denoise/index.ts'
import { localLlm } from '../../src/llm/index.ts'
import { localStt } from '../../src/stt/index.ts'
import { localTts } from '../../src/tts/index.ts'
import { callerSays, joined, silence } from '../caller.ts'
import { FRONT_DESK_DIR } from '../llm/front-desk.ts'

const never = new AbortController().signal

describe('localStt with the hints of the demo', { timeout: 120_000 }, () => {
  const context = testContext({ baseDir: FRONT_DESK_DIR })
  const llm = localLlm.create(testParams(localLlm.params, { script: 'scripts/front-desk.yaml' }), context)
  const stt = localStt.create(testParams(localStt.params), context)
  afterAll(() => stt.close())

  async function hear(audio: Uint8Array, hints = llm.hints ?? [], by = stt): Promise<SttEvent[]> {
    const session = await by.openSession({
      callId: 'test',
      format: MULAW_8K,
      hints,
      signal: new AbortController().signal,
    })
    const events: SttEvent[] = []
    session.write(audio)
    session.finish()
    for await (const event of session.events) events.push(event)
    await session.close()
    return events
  }

  const finals = (events: SttEvent[]): string[] =>
    events.flatMap((event) => (event.type === 'final' ? [event.text] : []))

  async function firstReply(text: string): Promise<string> {
    let reply = ''
    const messages = [{ role: 'user' as const, content: text }]
    for await (const event of llm.reply({ callId: 'test', messages, tools: [] }, never)) {
      if (event.type === 'text') reply += event.text
    }
    return reply
  }

  it.each([
    ['tt-weasels', /weasels have eaten/, /weasel expert/],
    ['something-terribly-wrong', /something is terribly wrong/, /ticket/],
    ['number-not-answering', /number is not answering/, /tested that number/],
    ['auth-thankyou', /thank you/, /welcome/],
    ['goodbye', /good/, /Mind the weasels/],
    ['hello', /hello/, /front desk/],
    ['monday', /monday/, /Monday is fine/],
    ['wednesday', /wednesday/, /Wednesday is fine/],
  ])('hears %s on a fresh line, and the script answers it', async (name, words, answer) => {
    const [text, ...more] = finals(await hear(joined(silence(300), callerSays(name), silence(500))))
    expect(text).toMatch(words)
    expect(more).toEqual([])
    expect(await firstReply(text ?? '')).toMatch(answer)
  })

  it('cuts a whole conversation into its utterances, in order and with true offsets', async () => {
    const parts = ['tt-weasels', 'something-terribly-wrong', 'number-not-answering']
    const audio = joined(...parts.flatMap((name) => [silence(400), callerSays(name), silence(400)]))
    const events = await hear(audio)
    expect(finals(events)).toHaveLength(3)
    const ends = events.flatMap((event) => (event.type === 'final' ? [event.endMs ?? NaN] : []))
    let endOfPartMs = 0
    parts.forEach((name, index) => {
      endOfPartMs += 800 + callerSays(name).length / 8
      expect(ends[index]).toBeLessThanOrEqual(endOfPartMs + 32)
      expect(ends[index]).toBeGreaterThan(endOfPartMs - 1200)
    })
  })

  it('drops speech that is none of the expected phrases, and counts it', async () => {
    const before = context.metrics.value('stt_rejected_utterances_total')
    const audio = joined(silence(300), callerSays('tt-weasels'), silence(500))
    expect(finals(await hear(audio, ['cancel the visit', 'thank you very much', 'goodbye']))).toEqual([])
    expect(finals(await hear(audio, ['monday', 'wednesday', 'goodbye']))).toEqual([])
    expect(context.metrics.value('stt_rejected_utterances_total')).toBe(before + 2)
  })

  it('drops audio that it cannot keep up with, counts it, and keeps its offsets true', async () => {
    const events = await hear(joined(silence(30_000), callerSays('monday'), silence(500)))
    expect(context.metrics.value('stt_worker_lag_dropped_bytes_total')).toBeGreaterThan(0)
    expect(finals(events)).toEqual([])
  })

  it('recognises an utterance of any length in one request, dropping nothing', async () => {
    const audio = joined(silence(12_000), callerSays('monday'), silence(300))
    const options = { callId: 'test', format: MULAW_8K, hints: ['monday', 'wednesday'], signal: never }
    expect(await stt.recognize?.(audio, options)).toBe('monday')
  })

  it('hears the same behind RNNoise, to its last word, in a session and in one request', async () => {
    // On a clock that stands still a busy machine is never late.
    const still = testContext({ clock: createFakeClock().clock })
    const filter = localDenoise.create(testParams(localDenoise.params), still)
    const provider = { ...stt, close: () => Promise.resolve() }
    const [denoised] = denoisedProviders(
      {
        stt: [{ name: 'stt', provider }],
        languages: new Map(),
        sttDenoise: { name: 'rnnoise', provider: filter },
      },
      still,
    ).stt
    // The word ends with the audio: what is still in the filter belongs to it.
    const audio = joined(silence(300), callerSays('monday'))
    const hints = ['monday', 'wednesday']
    const options = { callId: 'test', format: MULAW_8K, hints, signal: never }
    expect(await denoised!.provider.recognize?.(audio, options)).toBe('monday')
    const events = await hear(audio, hints, denoised!.provider)
    expect(finals(events)).toEqual(['monday'])
    const plain = (await hear(audio, hints)).find(({ type }) => type === 'final')
    const endMs = (event: SttEvent | undefined) => (event?.type === 'final' ? event.endMs! : Number.NaN)
    // In windows of 32 ms.
    expect(Math.abs(endMs(events.at(-1)) - endMs(plain))).toBeLessThanOrEqual(64)
    expect(still.metrics.value('denoise_bypassed_total')).toBe(0)
    await filter.close()
  })

  it('hears nothing in silence, tones and noise', async () => {
    const tone = new Uint8Array(16000).map((_, n) => (Math.floor(n / 9) % 2 === 0 ? 0x9f : 0x1f))
    const hiss = new Uint8Array(16000).map((_, n) => (((n * 7919) % 256) & 0x8f) | 0x60)
    expect(finals(await hear(joined(silence(2000), tone, silence(500), hiss, silence(500))))).toEqual([])
  })

  it('understands what the local voice says', async () => {
    const tts = localTts.create(testParams(localTts.params), context)
    const texts = ['My telephone is broken.', 'Can you come on Friday?', 'I would like to cancel.']
    for (const text of texts) {
      const chunks: Uint8Array[] = []
      for await (const chunk of tts.speak({ callId: 'test', text, format: MULAW_8K }, never)) {
        chunks.push(chunk.slice())
      }
      const heard = finals(await hear(joined(silence(300), ...chunks, silence(500))))
      expect(heard.join(' ')).toBe(text.toLowerCase().replace(/[.?]/g, ''))
    }
    await tts.close()
  })

  it('keeps ten callers who speak at once apart', async () => {
    const names = ['monday', 'wednesday', 'number-not-answering', 'auth-thankyou', 'something-terribly-wrong']
    const expected = [/monday/, /wednesday/, /number/, /thank/, /something/]
    const heard = await Promise.all(
      [...names, ...names].map((name) => hear(joined(silence(200), callerSays(name), silence(500)))),
    )
    heard.forEach((events, index) => expect(finals(events).join(' ')).toMatch(expected[index % 5] ?? /^$/))
  })
})
