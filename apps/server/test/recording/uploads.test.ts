import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openS3Recordings } from '@kav/recordings-s3'
import {
  type CallRecord,
  createCallTelemetry,
  createSampleDecoder,
  type RedactedEvent,
  toRedaction,
} from '@kav/core/host'
import { MULAW_8K, readWav } from '@kav/core'
import { createFakeCall, createRealClock, createTestLogger, createTestMetrics } from '@kav/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DOUBLE_KEYS,
  DOUBLE_REGION,
  openS3Double,
  type S3Double,
} from '../../../../packages/recordings-s3/test/s3-double.ts'
import { createCallKeeper } from '../../src/calls/call-keeper.ts'
import { openCallRecording } from '../../src/open-call-recording.ts'
import { createStorage } from '../../src/process/storage.ts'
import { openUploads, type Uploads } from '../../src/recording/uploads.ts'

const clock = createRealClock()

describe('recordings that are kept elsewhere', () => {
  let double: S3Double
  let dir: string
  let metrics: ReturnType<typeof createTestMetrics>
  const opened: Uploads[] = []
  beforeEach(async () => {
    double = await openS3Double()
    dir = mkdtempSync(join(tmpdir(), 'kav-uploads-'))
    metrics = createTestMetrics()
  })
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close(0)
    await double.close()
    rmSync(dir, { recursive: true, force: true })
  })

  function open(keepLocal = false): Uploads {
    const place = openS3Recordings({
      bucket: 'calls',
      region: DOUBLE_REGION,
      endpoint: double.endpoint,
      prefix: '',
      accessKeyId: DOUBLE_KEYS.id,
      secretAccessKey: DOUBLE_KEYS.secret,
    })
    const log = createTestLogger()
    const uploads = openUploads({ place, dir, keepLocal, storage: createStorage(), clock, log, metrics })
    opened.push(uploads)
    return uploads
  }
  function recordingOf(name: string): string {
    const file = join(dir, name)
    writeFileSync(file, 'sound')
    return file
  }
  const until = (what: () => boolean): Promise<void> => expect.poll(what, { timeout: 120_000 }).toBe(true)

  it('are there as they were here, and here no more', async () => {
    const file = recordingOf('a.wav')
    expect(open().put(file)).toEqual({ address: 's3://calls/a.wav', keptLocal: false })
    await until(() => !existsSync(file))
    expect(readFileSync(join(dir, 'a.uploaded'), 'utf8')).toBe('s3://calls/a.wav\n')
    expect(double.objects.get('calls/a.wav')?.toString()).toBe('sound')
    expect(metrics.value('recordings_uploaded_total')).toBe(1)
  })

  it('stay here, too, where that is asked for', async () => {
    const file = recordingOf('b.wav')
    open(true).put(file)
    await until(() => metrics.value('recordings_uploaded_total') === 1)
    expect(existsSync(file)).toBe(true)
  })

  it('are sent by the next process when the bucket was away for this one', async () => {
    const file = recordingOf('c.wav')
    double.fail(1, 503, 'SlowDown')
    const first = open()
    first.put(file)
    await until(() => double.requests.length === 1)
    await first.close(0)
    expect(existsSync(file)).toBe(true)
    open()
    await until(() => !existsSync(file))
    expect(double.objects.has('calls/c.wav')).toBe(true)
  })

  it('stay here while a bucket only says that it took them, and that is counted', async () => {
    const file = recordingOf('e.wav')
    double.indifferent = true
    open().put(file)
    await until(() => metrics.value('recordings_not_kept_total') > 0)
    expect(existsSync(file)).toBe(true)
    expect(metrics.value('recordings_uploaded_total')).toBe(0)
  })

  it('are there no more when they were erased on their way', async () => {
    const file = recordingOf('d.wav')
    double.onRequest = () => rmSync(file, { force: true })
    open().put(file)
    await until(() => double.requests.includes('DELETE calls/d.wav'))
    await until(() => !existsSync(join(dir, 'd.uploaded')))
    expect(double.objects.size).toBe(0)
    expect(metrics.value('recordings_uploaded_total')).toBe(0)
  })

  it('go only once nothing private can be heard in them, and the record says where', async () => {
    const events: RedactedEvent[] = []
    const records: CallRecord[] = []
    const keeper = createCallKeeper({
      dir,
      pipelineName: 'desk',
      facts: {},
      kept: { transcript: true, callRecord: true },
      redacted: true,
      openRecording: (call) =>
        openCallRecording({ ...call, kept: 'pcm16', storage: createStorage(), clock, metrics }),
      uploads: open(),
      storage: createStorage(),
      clock,
      metrics,
      onRecord: (record) => records.push(record),
    })
    const log = createTestLogger()
    const { call } = createFakeCall({ format: MULAW_8K, clock })
    const keeping = keeper.open(call, log)
    const redaction = toRedaction({
      redact: { cards: true, dtmf: true, phones: false, emails: false, national_ids: false, words: {} },
      conversation: { dtmf: { private: 'none' } },
    } as Parameters<typeof toRedaction>[0])
    const telemetry = createCallTelemetry({
      log,
      metrics,
      clock,
      redaction,
      onEvent(event) {
        events.push(event)
        keeping.onEvent(event)
      },
    })
    for (const tap of keeping.taps) tap.onCallerAudio?.(new Uint8Array(1600).fill(0x11), clock.nowMs())
    telemetry.final('4242 4242 4242 4242')
    await keeping.finish({ durationMs: 200, endedBy: 'caller', counters: {} })
    await until(() => double.objects.size === 1)
    const [name, sound] = [...double.objects][0]!
    expect(records[0]?.recording).toBe(`s3://${name}`)
    const { audio } = readWav(sound)
    // No sample of the caller is what it was.
    const said = createSampleDecoder(MULAW_8K).decode(Uint8Array.of(0x11))[0]
    const left = Array.from({ length: audio.length / 4 }, (_, at) => Buffer.from(audio).readInt16LE(at * 4))
    expect(left.length).toBeGreaterThan(1000)
    expect(left.filter((sample) => sample === said).length).toBeLessThan(left.length / 10)
    expect(readFileSync(join(dir, `${name.slice('calls/'.length, -4)}.txt`), 'utf8')).not.toContain('4242')
  })
})
