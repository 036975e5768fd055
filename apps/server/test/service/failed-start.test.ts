import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createFrameClock } from '@kav/core/host'
import { createFakeClock, createTestLogger } from '@kav/core/testing'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { openPipeline } from '../../src/open-pipeline.ts'
import { createServerLoader } from '../../src/plugins.ts'
import { createStorage } from '../../src/process/storage.ts'
import { runPipeline } from '../../src/service/running-pipeline.ts'

const plugins = (name: string) => fileURLToPath(new URL(`../fixtures/${name}.mjs`, import.meta.url))

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-start-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it('a pipeline whose voice cannot be made leaves nothing that goes on, not even the way of its recordings', async () => {
  const file = join(dir, 'desk.yaml')
  writeFileSync(
    file,
    `version: 1
name: desk
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false } }
stt: { plugin: ${plugins('echo-plugins')} }
llm: { plugin: ${plugins('echo-plugins')} }
tts: { plugin: ${plugins('closing-store')} }
conversation: { greeting: Hello. }
record:
  dir: ${join(dir, 'recordings')}
  audio: true
  upload: { s3: { bucket: calls, region: eu-central-1, endpoint: "http://127.0.0.1:9" } }
`,
  )
  const { pipeline } = await openPipeline(file, {}, createServerLoader())
  const { clock, pending } = createFakeClock()
  const log = createTestLogger()
  const metrics = createMetrics(log)
  const started = runPipeline({
    ...{ pipeline, clock, log, metrics },
    storage: createStorage({ clock, metrics: metrics.metrics }),
    frameClock: createFrameClock(clock, metrics.metrics),
    rooms() {
      throw new Error('no call comes')
    },
  })
  await expect(started).rejects.toThrow('could not be made')
  expect(pending()).toBe(0)
})
