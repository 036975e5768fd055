import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCallerScript } from '@kav/phone'
import { expect, it } from 'vitest'
import { checkCall } from '../src/test-call/checklist.ts'
import { openPipeline } from '../src/open-pipeline.ts'
import { createServerLoader } from '../src/plugins.ts'
import { placeTestCall } from '../src/test-call/test-call.ts'

const PIPELINE = fileURLToPath(new URL('fixtures/whole-desk.yaml', import.meta.url))

it('a recogniser without partials is not failed for that, and a prefix that a proxy takes off is signed, not asked for', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kav-able-'))
  try {
    const { pipeline } = await openPipeline(PIPELINE, {}, createServerLoader())
    const { config } = pipeline
    const evidence = await placeTestCall({
      pipeline: {
        ...pipeline,
        config: {
          ...config,
          record: { ...config.record, dir },
          'speech-cache': { ...config['speech-cache'], dir: join(dir, 'speech') },
        },
      },
      script: createCallerScript({
        name: 'one question',
        steps: [
          { wait_mark: 'greeting_end' },
          { say: 'hello.wav' },
          { wait_hang_up: { timeout_ms: 30_000 } },
        ],
      }),
    })
    expect(evidence.phone.endedBy).toBe('agent')
    expect(evidence.phone.violations).toEqual([])
    const partials = (given: typeof evidence) => checkCall(given).find(({ what }) => what === 'partials seen')
    expect(partials(evidence)).toMatchObject({ ok: true, found: '0; this recogniser gives none' })
    // The same call by a recogniser that gives partials, and gave none: deaf while the caller speaks.
    const events = evidence.events.map((event) =>
      event.event === 'stt_ready' ? { ...event, fields: { ...event.fields, partials: true } } : event,
    )
    expect(partials({ ...evidence, events })).toMatchObject({ ok: false, found: '0' })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}, 60_000)
