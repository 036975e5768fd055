import { MULAW_8K, ProviderError } from '@kav/core'
import { testContext, testParams } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { FLITE_VOICES, loadFliteEngine } from '../../src/flite/flite-engine.ts'
import { localTts } from '../../src/tts/index.ts'
import { splitClauses } from '../../src/tts/clauses.ts'
import { createFliteProvider } from '../../src/tts/provider.ts'
import { trimSilence } from '../../src/tts/trim-silence.ts'

const never = new AbortController().signal
const request = (text: string) => ({ callId: 'test', text, format: MULAW_8K })

async function speechBytes(params: object, text: string): Promise<number> {
  const tts = localTts.create(testParams(localTts.params, params), testContext())
  let bytes = 0
  for await (const chunk of tts.speak(request(text), never)) bytes += chunk.length
  await tts.close()
  return bytes
}

describe('localTts', { timeout: 120_000 }, () => {
  it.each(FLITE_VOICES)('speaks with the voice %s', async (voice) => {
    const bytes = await speechBytes({ voice }, 'Good morning, this is the front desk.')
    expect(bytes / 8000).toBeGreaterThan(1.3)
    expect(bytes / 8000).toBeLessThan(4)
  })

  it('speaks faster and slower', async () => {
    const text = 'Good morning, this is the front desk.'
    const [slow, plain, fast] = await Promise.all([0.7, 1, 1.5].map((speed) => speechBytes({ speed }, text)))
    expect(slow).toBeGreaterThan((plain ?? 0) * 1.2)
    expect(fast).toBeLessThan((plain ?? 0) * 0.8)
  })

  it('gives no audio for text without a word', async () => {
    expect(await speechBytes({}, ' … !')).toBe(0)
  })

  it('drops a clause that waits when it is no longer wanted, and speaks the next', async () => {
    const tts = localTts.create(testParams(localTts.params), testContext())
    const abort = new AbortController()
    const read = async (signal: AbortSignal): Promise<number> => {
      let bytes = 0
      for await (const chunk of tts.speak(request('This is a clause of some words.'), signal)) {
        bytes += chunk.length
      }
      return bytes
    }
    const [first, dropped, last] = [read(never), read(abort.signal), read(never)]
    abort.abort()
    await expect(dropped).rejects.toMatchObject({ class: 'cancelled' })
    expect(await first).toBe(await last)
    await tts.close()
  })

  it('refuses what is beyond the waiting room', async () => {
    const context = testContext()
    const tts = localTts.create(testParams(localTts.params, { max_waiting: 1 }), context)
    const read = async (): Promise<void> => {
      for await (const chunk of tts.speak(request('One clause.'), never)) void chunk
    }
    const outcomes = await Promise.allSettled([read(), read(), read()])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(context.metrics.value('tts_queue_full_total')).toBe(1)
    await tts.close()
  })

  it('fails the clause when its worker dies, says so once, and speaks the next with a new one', async () => {
    const context = testContext()
    const faulty = new URL('./faulty-worker.mjs', import.meta.url)
    const tts = createFliteProvider(testParams(localTts.params), context, faulty)
    const read = async (text: string): Promise<number> => {
      let bytes = 0
      for await (const chunk of tts.speak(request(text), never)) bytes += chunk.length
      return bytes
    }
    await expect(read('die')).rejects.toThrow(ProviderError)
    await expect(read('die')).rejects.toThrow(/worker died/)
    expect(await read('live')).toBe(160)
    expect(context.metrics.value('tts_worker_deaths_total')).toBe(2)
    await tts.close()
  })

  it('says which language it lacks', async () => {
    const tts = localTts.create(testParams(localTts.params), testContext())
    const chunks = tts.speak({ ...request('שלום'), language: 'he-IL' }, never)
    await expect(chunks[Symbol.asyncIterator]().next()).rejects.toThrow(/English only, not "he-IL"/)
    await tts.close()
  })
})

describe('loadFliteEngine', () => {
  it('gives the sounds of names that no dictionary has', () => {
    const engine = loadFliteEngine()
    expect(engine.phones('Netanya')).toBe('N EH T AH N Y AH')
    expect(engine.phones('')).toBeUndefined()
  })
})

describe('splitClauses', () => {
  it('cuts at the ends of sentences, and at commas only where it must', () => {
    expect(splitClauses('Hello. How are you, today? Fine: 3.5 metres.')).toEqual([
      'Hello.',
      'How are you, today?',
      'Fine:',
      '3.5 metres.',
    ])
    const long = Array.from({ length: 12 }, () => 'a part of a long list').join(', ')
    expect(splitClauses(long).length).toBeGreaterThan(2)
    expect(splitClauses(long).join(' ')).toBe(long)
  })
})

describe('trimSilence', () => {
  it('leaves a moment in front and a pause behind', () => {
    const samples = new Int16Array(16000).fill(3000, 8000, 9000)
    const trimmed = trimSilence(new Uint8Array(samples.buffer), 16000)
    expect(trimmed.length / 2).toBe(320 + 1000 + 1920)
    expect(trimSilence(new Uint8Array(new Int16Array(50).buffer), 16000)).toHaveLength(0)
  })
})
