import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MULAW_8K, ProviderError, type Plugin } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { createCallerScript } from '@kav/phone'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkCall } from '../src/test-call/checklist.ts'
import { openPipeline } from '../src/open-pipeline.ts'
import { createServerLoader } from '../src/plugins.ts'
import { placeTestCall } from '../src/test-call/test-call.ts'
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
