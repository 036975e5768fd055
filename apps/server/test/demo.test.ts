import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCallerScript } from '@kav/phone'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordFaults } from './admin/record-faults.ts'
import { checkCall, TIMED } from '../src/test-call/checklist.ts'
import { openPipeline } from '../src/open-pipeline.ts'
import { createServerLoader } from '../src/plugins.ts'
import { placeTestCall } from '../src/test-call/test-call.ts'

const DEMO = fileURLToPath(new URL('../../../pipelines/demo.yaml', import.meta.url))

describe('the embedded demo, with its real engines', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kav-demo-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('hears a recorded human, answers by voice, and hangs up after its farewell was heard', async () => {
    const { pipeline } = await openPipeline(DEMO, {}, createServerLoader())
    const { config } = pipeline
    const kept = { ...config.record, dir }
    const cache = { ...config['speech-cache'], dir: join(dir, 'speech') }
    // A busy machine may take longer to open a recogniser than its callers are kept for.
    const queue = { ...config['rx-queue'], maxsize: 2000 }
    const evidence = await placeTestCall({
      pipeline: {
        ...pipeline,
        config: { ...config, record: kept, 'speech-cache': cache, 'rx-queue': queue },
      },
      script: createCallerScript({
        name: 'weasels',
        steps: [
          { wait_mark: 'greeting_end' },
          { pause_ms: 300 },
          { say: 'tt-weasels.wav' },
          { wait_agent_speech: 20_000 },
          { wait_agent_silence: { ms: 700, timeout_ms: 30_000 } },
          { say: 'goodbye.wav' },
          { wait_hang_up: { timeout_ms: 30_000 } },
        ],
      }),
    })
    const failed = checkCall(evidence).filter((check) => !check.ok && !TIMED.has(check.what))
    expect(failed).toEqual([])
    expect(evidence.phone.endedBy).toBe('agent')
    expect(evidence.phone.playout.cutOffMs).toBe(0)
    const said = evidence.record.transcript
    expect(said.filter(({ who }) => who === 'caller')[0]?.text).toContain('weasels have eaten our phone')
    expect(
      said
        .filter(({ who }) => who === 'agent')
        .map(({ text }) => text)
        .join(' '),
    ).toMatch(/weasel expert.*Goodbye/s)
    // As the API describes it.
    expect(recordFaults({ ...evidence.record, state: 'ended' })).toEqual([])
    expect(evidence.files.map((file) => file.split('.').at(-1)).sort()).toEqual(['json', 'txt', 'wav'])
  }, 120_000)
})
