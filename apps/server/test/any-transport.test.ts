import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MULAW_8K, ProviderError, type Plugin } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { createCallerScript, PhoneError, runCallScript } from '@kav/phone'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkCall } from '../src/test-call/checklist.ts'
import { openPipeline } from '../src/open-pipeline.ts'
import { createServerLoader } from '../src/plugins.ts'
import { callServed, openCallTarget, withOtherWays } from '../src/test-call/call-target.ts'
import { placeTestCall } from '../src/test-call/test-call.ts'
import { openTestLine } from '../src/test-call/test-line.ts'
import { plainLinePlugin } from './plain-double.ts'

const PIPELINE = fileURLToPath(new URL('fixtures/whole-desk.yaml', import.meta.url))

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-any-transport-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** A pipeline of the desk behind a transport that is not Twilio's. */
async function plainDesk(tts?: Plugin<'tts'>['create']): Promise<LoadedPipeline> {
  const { pipeline } = await openPipeline(PIPELINE, {}, createServerLoader())
  const { config, stages } = pipeline
  const { create } = plainLinePlugin
  const plugin = {
    ...plainLinePlugin,
    create(params: { told?: string }, ...context: [never]) {
      expect(params).toEqual({ told: 'by the double' })
      return create(params, ...context)
    },
  }
  return {
    ...pipeline,
    config: {
      ...config,
      record: { ...config.record, dir },
      'speech-cache': { ...config['speech-cache'], dir: join(dir, 'speech') },
    },
    stages: {
      ...stages,
      ...(tts && {
        tts: stages.tts.map((stage) => ({
          ...stage,
          plugin: { ...(stage.plugin as Plugin<'tts'>), create: tts },
        })),
      }),
      transport: { ...stages.transport, plugin, params: {} },
    },
  }
}

const place = async (...steps: readonly unknown[]) =>
  placeTestCall({ pipeline: await plainDesk(), script: createCallerScript({ name: 'plain', steps }) })

describe('a test call through a transport that has a double', () => {
  it('hears, speaks, returns marks and is hung up on, as on any other', async () => {
    const evidence = await place(
      { wait_mark: 'greeting_end' },
      { say: 'hello.wav' },
      { wait_hang_up: { timeout_ms: 30_000 } },
    )
    const { phone, record } = evidence
    expect(phone.script).toMatchObject({ passed: true })
    expect(phone.endedBy).toBe('agent')
    expect(phone.violations).toEqual([])
    expect(record.callId).toBe('line-1')
    expect(record.endedBy).toBe('agent')
    expect(record.transcript.map(({ who }) => who)).toContain('caller')
    expect(checkCall(evidence).filter(({ ok }) => ok === false)).toEqual([])
  }, 60_000)

  it('says which fault it met, with its code', async () => {
    const absent: Plugin<'tts'>['create'] = () => ({
      produces: [MULAW_8K],
      // eslint-disable-next-line require-yield
      async *speak(): AsyncGenerator<Uint8Array> {
        throw new ProviderError('network', 'acme-voice: speech: 127.0.0.1:8713 refuses connections')
      },
      async close() {},
    })
    const pipeline = await plainDesk(absent)
    const script = createCallerScript({
      name: 'absent',
      steps: [{ wait_mark: { label: 'greeting_end', timeout_ms: 3000 } }, 'hang_up'],
    })
    const checks = checkCall(await placeTestCall({ pipeline, script }))
    expect(checks.find(({ what }) => what === 'no error lines')).toMatchObject({
      ok: false,
      found: 'TTS: failed: acme-voice: speech: 127.0.0.1:8713 refuses connections (KAV_PROVIDER_NETWORK)',
    })
  }, 60_000)

  it('is hung up by the caller', async () => {
    const { phone, record } = await place({ wait_mark: 'greeting_end' }, { dtmf: '1' }, 'hang_up')
    expect(phone.endedBy).toBe('caller')
    expect(phone.sent.dtmf).toBe(1)
    expect(record.endedBy).toBe('caller')
    expect(record.events.some(({ event }) => event === 'dtmf')).toBe(true)
  }, 60_000)
})

describe('a call to where no webhook is served', () => {
  it('comes by the double of the transport, to a server that has been told of it', async () => {
    const pipeline = await plainDesk()
    const line = await openTestLine({ pipeline, onEvent: () => undefined })
    const told = (params: object) => ({
      stages: { ...pipeline.stages, transport: { ...pipeline.stages.transport, params } },
    })
    try {
      const { url } = line.dial.through!
      await expect(callServed(told({}) as never, url, {})).rejects.toThrow(/plain-line .* leave --url out/)
      const { dial, close } = await callServed(told({ told: 'by the double' }) as never, url, {})
      const script = createCallerScript({ name: 'x', steps: [{ wait_mark: 'greeting_end' }, 'hang_up'] })
      expect((await runCallScript({ ...dial, script })).script).toMatchObject({ passed: true })
      await close()
    } finally {
      await line.close()
    }
  }, 60_000)

  it('may be one to the stream alone, with the parameters of its TwiML', async () => {
    const call = (to: string, options: object = {}) => openCallTarget(to, options, {})
    const stream = await call('ws://127.0.0.1:1/media', {
      param: ['from=+15550100', 'note=a=b'],
      authToken: 't',
    })
    expect(stream.dial).toEqual({
      streamUrl: 'ws://127.0.0.1:1/media',
      parameters: { from: '+15550100', note: 'a=b' },
      authToken: 't',
    })
    await expect(call('ws://127.0.0.1:1/media', { param: ['from'] })).rejects.toThrow(/name=value/)
    await expect(call('http://127.0.0.1:1/voice', { param: ['a=b'] })).rejects.toThrow(/--param is of/)
    await expect(call('http://127.0.0.1:1/voice', { url: 'http://x' })).rejects.toThrow(/--url is of/)
  })

  it('is offered where the webhook is not there, and not where it said no', () => {
    const answered = (status: number) =>
      withOtherWays(
        new PhoneError('KAV_PHONE_WEBHOOK_FAILED', `POST x answered ${status}`, { details: { status } }),
      )
    expect(String(answered(404))).toMatch(/answered 404\nWhere no webhook is served: kav call ws:/)
    expect(String(answered(403))).not.toContain('Where no')
  })
})
