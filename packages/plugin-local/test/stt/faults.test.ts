import { MULAW_8K } from '@kav/core'
import { testContext, testParams } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { findPocketsphinx } from '../../src/stt/find-installation.ts'
import { localStt } from '../../src/stt/index.ts'
import { createPocketsphinxProvider } from '../../src/stt/provider.ts'

const options = {
  callId: 'test',
  format: MULAW_8K,
  hints: ['hello'],
  signal: new AbortController().signal,
}

describe('localStt', { timeout: 120_000 }, () => {
  it('finds PocketSphinx on this machine', () => {
    // Fails with what to install: nothing here is skipped in silence.
    expect(findPocketsphinx({})).not.toHaveProperty('missing')
  })

  it('names the packages to install when the engine is not there', async () => {
    const params = testParams(localStt.params, { library: 'no/such.so', model_dir: 'no/model' })
    const stt = localStt.create(params, testContext({ baseDir: '/somewhere' }))
    await expect(stt.openSession(options)).rejects.toMatchObject({
      class: 'bad-request',
      message: expect.stringMatching(
        /library \/somewhere\/no\/such\.so not found; English model not found in \/somewhere\/no\/model.*apt-get install libpocketsphinx3 pocketsphinx-en-us/s,
      ) as string,
    })
    await stt.close()
  })

  it('refuses a library that is none', async () => {
    const params = testParams(localStt.params, { library: '/bin/sh' })
    const stt = localStt.create(params, testContext())
    await expect(stt.openSession(options)).rejects.toMatchObject({ name: 'ProviderError' })
    await stt.close()
  })

  it('refuses another language, and a conversation without phrases', async () => {
    const stt = localStt.create(testParams(localStt.params), testContext())
    await expect(stt.openSession({ ...options, language: 'he-IL' })).rejects.toThrow(/English only/)
    await expect(stt.openSession({ ...options, hints: [] })).rejects.toThrow(/no phrase to listen for/)
    await stt.close()
  })

  it('says which words it cannot pronounce, and which it derived from their spelling', async () => {
    const context = testContext()
    const stt = localStt.create(testParams(localStt.params), context)
    const session = await stt.openSession({ ...options, hints: ['hello zhorkova', 'hello', 'שלום'] })
    await session.close()
    await stt.close()
    const words = context.log.entries.map(({ level, fields }) => [level, fields['words']])
    expect(words).toContainEqual(['info', ['zhorkova']])
    expect(words).toContainEqual(['warn', ['שלום']])
  })

  it('ends every session of a worker that dies, and opens the next on a new one', async () => {
    const context = testContext()
    const faulty = new URL('./faulty-worker.mjs', import.meta.url)
    const stt = createPocketsphinxProvider(testParams(localStt.params), context, faulty)
    const session = await stt.openSession(options)
    session.write(new Uint8Array(1600))
    const first = session.events[Symbol.asyncIterator]().next()
    await expect(first).rejects.toMatchObject({ class: 'network', retryable: true })
    await session.close()
    expect(context.metrics.value('stt_worker_deaths_total')).toBe(1)
    const next = await stt.openSession(options)
    await next.close()
    await stt.close()
  })
})
