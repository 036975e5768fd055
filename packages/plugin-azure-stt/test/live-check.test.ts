import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { placeOfHost, placeOfRegion } from '@kav/azure-speech'
import { openSpeechRestServer, type SpeechRestScript } from '@kav/azure-speech/testing'
import { createFakeClock, liveCheckContract, testContext } from '@kav/core/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import plugin, { type AzureSttParams } from '../src/index.ts'
import { liveCheck } from '../src/live-check.ts'

const KEY = 'very-secret-key-0123456789'
const TOKEN = 'very-secret-token'

async function serve(script: SpeechRestScript) {
  const server = await openSpeechRestServer(script)
  onTestFinished(() => server.close())
  return server
}

/** Against regions of our own. */
async function check(script: SpeechRestScript, params: Partial<AzureSttParams>, context = testContext()) {
  const server = await serve(script)
  const place = (_params: unknown, region: string) => server.placeOf(region)
  const findings = await liveCheck({ language: 'he-IL', ...params }, context, place)
  expect(JSON.stringify(findings)).not.toMatch(new RegExp(`${KEY}|${TOKEN}`))
  return { findings, asked: server.asked }
}

describe('regions', () => {
  it('each is asked with its own key', async () => {
    const params = {
      key: KEY,
      region: 'westeurope',
      fallback_regions: ['northeurope', 'eastus'],
      region_keys: { northeurope: 'another' },
    }
    const { findings } = await check(
      { secrets: { westeurope: KEY, northeurope: 'another', eastus: 'x' } },
      params,
    )
    expect(findings).toEqual([
      { level: 'ok', message: 'region westeurope takes the key' },
      { level: 'ok', message: 'region northeurope takes the key' },
      {
        level: 'error',
        message: 'region eastus refuses the key (HTTP 401)',
        fix: 'Copy a key of the Speech resource that is in this very region: keys of other regions are refused.',
      },
    ])
  })

  it.each([
    [403, 'error', /takes no requests/, /quota/],
    [429, 'warning', /too many/, /minute/],
    [503, 'error', /HTTP 503/, /status\.azure/],
    [404, 'warning', /cannot be asked/, /place a call/],
    [302, 'warning', /cannot be asked/, /place a call/],
  ])('an answer of %d', async (instead, level, message, fix) => {
    const { findings } = await check({ instead }, { key: KEY })
    expect(findings).toMatchObject([
      { level, message: expect.stringMatching(message), fix: expect.stringMatching(fix) },
    ])
  })

  it('one that says nothing is left after 10 s', async () => {
    const server = await serve({ instead: 'silence' })
    const time = createFakeClock()
    const context = testContext({ clock: time.clock })
    const checking = liveCheck({ language: 'he-IL', key: KEY }, context, (_params, region) =>
      server.placeOf(region),
    )
    await expect.poll(() => server.asked.length).toBe(1)
    await time.advance(10_000)
    expect((await checking)[0]!.message).toMatch(/no answer came in time/)
  })

  it('one that does not exist is told with the nearest', async () => {
    const nowhere = (name: string) => ({
      ...placeOfRegion(name),
      // RFC 6761: never resolves.
      tokenUrl: 'https://westeurop.api.invalid/sts/v1.0/issueToken',
    })
    const params = { language: 'he-IL', key: KEY, region: 'westeurop' }
    const findings = await liveCheck(params, testContext(), () => nowhere('westeurop'))
    expect(findings).toEqual([
      {
        level: 'error',
        message: 'there is no region "westeurop" of the Speech service',
        fix: 'Set region to "westeurope", the nearest there is.',
      },
    ])
  })
})

describe('credentials', () => {
  it('a token is shown to the list of voices, since tokens get no tokens', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'kav-live-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    await writeFile(join(dir, 'westeurope.token'), TOKEN)
    const params = { token_file: '{region}.token', fallback_regions: ['eastus'] }
    const context = testContext({ baseDir: dir })
    const { findings, asked } = await check({ secrets: { westeurope: TOKEN } }, params, context)
    expect(findings).toMatchObject([
      { level: 'ok', message: 'region westeurope takes the token' },
      {
        level: 'error',
        message: expect.stringContaining('eastus.token'),
        fix: expect.stringContaining('token_file'),
      },
    ])
    expect(asked).toEqual(['GET /westeurope/cognitiveservices/voices/list'])
    await writeFile(join(dir, 'westeurope.token'), 'an-old-one')
    const [old] = (await check({ secrets: { westeurope: TOKEN } }, params, context)).findings
    expect(old).toMatchObject({
      message: expect.stringContaining('refuses the token'),
      fix: expect.stringContaining('ten minutes'),
    })
  })

  it('none at all, and one that was pasted with its line break', async () => {
    const { findings: none, asked } = await check({}, {})
    expect(none).toMatchObject([{ level: 'error', fix: 'Set key, region_keys or token_file.' }])
    const { findings: pasted } = await check({}, { key: `${KEY}\nx` })
    expect(pasted).toMatchObject([{ level: 'error', message: expect.stringContaining('line break') }])
    expect(asked).toEqual([])
  })
})

describe('a host of one’s own', () => {
  const at = async (script: SpeechRestScript, more: Partial<AzureSttParams> = {}) => {
    const { host } = await serve(script)
    return plugin.liveCheck!(
      { language: 'he-IL', host, fallback_regions: ['eastus'], ...more },
      testContext(),
    )
  }

  it.each([
    ['Valid', 'ok', /its key is valid/],
    ['Invalid', 'error', /not accepted \(Invalid\)/],
  ])('is a container whose status is %s', async (apiStatus, level, message) => {
    expect(await at({ apiStatus })).toMatchObject([{ level, message: expect.stringMatching(message) }])
  })

  it('that is no container is left to a call', async () => {
    expect(await at({})).toMatchObject([{ level: 'warning', message: expect.stringContaining('status 404') }])
  })

  it('where nobody is', async () => {
    const { host, close } = await openSpeechRestServer({})
    await close()
    const findings = await plugin.liveCheck!({ language: 'he-IL', host }, testContext())
    expect(findings).toMatchObject([
      { level: 'error', fix: expect.stringMatching(/correct host and port in host/) },
    ])
  })
})

describe('where the service is asked', () => {
  it.each([
    [
      'wss://westeurope.stt.speech.microsoft.com',
      'region westeurope',
      'https://westeurope.api.cognitive.microsoft.com/sts/v1.0/issueToken',
    ],
    [
      'wss://usgovvirginia.stt.speech.azure.us',
      'region usgovvirginia',
      'https://usgovvirginia.api.cognitive.microsoft.us/sts/v1.0/issueToken',
    ],
    [
      'wss://chinaeast2.stt.speech.azure.cn/speech',
      'region chinaeast2',
      'https://chinaeast2.api.cognitive.azure.cn/sts/v1.0/issueToken',
    ],
    [
      'wss://desk.cognitiveservices.azure.com/stt/speech',
      'desk.cognitiveservices.azure.com',
      'https://desk.cognitiveservices.azure.com/sts/v1.0/issueToken',
    ],
  ])('%s', (url, name, tokenUrl) => {
    expect(placeOfHost(url, 'endpoint')).toMatchObject({ kind: 'azure', name, tokenUrl })
  })

  it('the list of voices of a resource’s own domain stands below /tts', () => {
    expect(placeOfHost('wss://desk.cognitiveservices.azure.com', 'host')).toMatchObject({
      voicesUrl: 'https://desk.cognitiveservices.azure.com/tts/cognitiveservices/voices/list',
    })
    expect(placeOfHost('wss://', 'host')).toBeUndefined()
  })
})

describe('the contract of a live check', () => {
  const cases = liveCheckContract({
    checks: {
      'without a key': () => plugin.liveCheck!({ language: 'he-IL' }, testContext()),
      refused: async () => {
        const server = await openSpeechRestServer({})
        const findings = await liveCheck({ language: 'he-IL', key: KEY }, testContext(), (_, region) =>
          server.placeOf(region),
        )
        await server.close()
        return findings
      },
    },
    secrets: [KEY],
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
