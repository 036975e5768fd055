import { MULAW_8K, ProviderError } from '@kav/core'
import { oddVersionsOf, testContext } from '@kav/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSynthesisPool } from '../../src/tts/synthesis-pool.ts'

const SPOKEN = { job: '$job', audio: '$audio', busyMs: 1 }
const VALID: readonly unknown[] = [SPOKEN, { job: '$job', fault: 'no voice' }]
const never = new AbortController().signal

/** Messages in any order, half of them with one part that is not what it should be. */
const answers = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...VALID) },
    { weight: 5, arbitrary: fc.constantFrom(...VALID.flatMap(oddVersionsOf)) },
    { weight: 1, arbitrary: fc.jsonValue() },
  ),
  { minLength: 1, maxLength: 3 },
)

describe('what a flite worker sends', { timeout: 120_000 }, () => {
  it('is audio, or a fault of its clause that names the plugin; the next clause is spoken', async () => {
    const context = testContext()
    const workerUrl = new URL('./odd-worker.mjs', import.meta.url)
    const pool = createSynthesisPool({ ...context, maxWorkers: 1, maxWaiting: 8, workerUrl })
    const speak = (messages: readonly unknown[]) =>
      pool.synthesise(
        { text: JSON.stringify(messages), speech: { voice: 'rms', speed: 1 }, format: MULAW_8K },
        never,
      )
    const run = async (messages: readonly unknown[]) => {
      const outcome = await speak(messages).catch((thrown: unknown) => thrown)
      if (!(outcome instanceof Uint8Array)) {
        expect(outcome).toBeInstanceOf(ProviderError)
        const { class: faultClass, message } = outcome as ProviderError
        expect(faultClass).toBe('bad-data')
        expect(message).toMatch(
          /^(@kav\/plugin-local: the flite worker sent an odd message: |flite could not speak)/,
        )
        expect(message).not.toMatch(/Cannot read|is not a function|\[object Object\]/)
      }
      expect(await speak([SPOKEN])).toEqual(new Uint8Array(160))
    }
    await fc.assert(fc.asyncProperty(answers, run), { numRuns: 25 })
    expect(context.metrics.value('tts_worker_odd_replies_total')).toBeGreaterThan(0)
    await pool.close()
  })
})

it('a clause for which no thread is to be had fails, and none is kept waiting', async () => {
  const context = testContext()
  const workerUrl = new URL('none:')
  const pool = createSynthesisPool({ ...context, maxWorkers: 1, maxWaiting: 1, workerUrl })
  const speak = () =>
    pool.synthesise({ text: 'Hello.', speech: { voice: 'rms', speed: 1 }, format: MULAW_8K }, never)
  for (let times = 1; times <= 3; times++) {
    await expect(speak()).rejects.toMatchObject({
      class: 'network',
      message: 'The flite worker died: no thread is left for it',
    })
    expect(context.metrics.value('tts_worker_deaths_total')).toBe(times)
  }
  pool.warm()
  await pool.close()
})
