import { liveCheckContract, testContext, testParams } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { localStt, localTts, localVad } from '../src/index.ts'
import { DEBIAN_PACKAGES, findPocketsphinx } from '../src/stt/find-installation.ts'

const stt = (given: object = {}) => localStt.liveCheck!(testParams(localStt.params, given), testContext())
const tts = (given: object = {}) => localTts.liveCheck!(testParams(localTts.params, given), testContext())
const vad = (given: object = {}) => localVad.liveCheck!(testParams(localVad.params, given), testContext())

describe('recognition', () => {
  it.skipIf('missing' in findPocketsphinx({}))('opens a session where the engine is installed', async () => {
    expect(await stt()).toMatchObject([{ level: 'ok', message: expect.stringContaining('English only') }])
  })

  it('says what to install where it is not', async () => {
    const [found] = await stt({ library: 'none/libpocketsphinx.so.3', model_dir: 'none' })
    expect(found).toMatchObject({ level: 'error', message: expect.stringContaining('libpocketsphinx.so.3') })
    for (const name of DEBIAN_PACKAGES) expect(found!.fix).toContain(name)
  })

  it.skipIf('missing' in findPocketsphinx({}))('says so where a file is no library', async () => {
    const [found] = await stt({ library: import.meta.filename })
    expect(found).toMatchObject({ level: 'error', fix: expect.stringContaining('library') })
  })
})

it.each(['rms', 'kal'])('speech is made with the voice %s', async (voice) => {
  expect(await tts({ voice })).toMatchObject([
    { level: 'ok', message: expect.stringContaining(`"${voice}"`) },
  ])
})

it.each([8000, 16000])('the voice detector loads its model for %d Hz', async (sample_rate) => {
  expect(await vad({ sample_rate })).toMatchObject([
    { level: 'ok', message: expect.stringContaining(`${sample_rate} Hz`) },
  ])
})

describe('the contract of a live check', () => {
  const missing = () => stt({ library: 'none', model_dir: 'none' })
  for (const one of liveCheckContract({ checks: { stt, missing, tts, vad }, secrets: [] }))
    it(one.name, one.run, one.timeoutMs)
})
