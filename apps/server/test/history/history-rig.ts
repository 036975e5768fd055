import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StoredCall } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { createFakeClock, createTestLogger } from '@kav/core/testing'
import { expect } from 'vitest'
import {
  DOUBLE_KEYS,
  DOUBLE_REGION,
  type S3Double,
} from '../../../../packages/recordings-s3/test/s3-double.ts'
import { callFileBase } from '../../src/calls/call-files.ts'
import { type CallHistory, openCallHistory } from '../../src/history/call-history.ts'
import { createMetrics } from '../../src/metrics.ts'
import { openPipeline } from '../../src/open-pipeline.ts'
import { createServerLoader } from '../../src/plugins.ts'
import { createStorage } from '../../src/process/storage.ts'

const ECHO = fileURLToPath(new URL('../fixtures/echo-plugins.mjs', import.meta.url))
/** One for all, as a service has one: what is not its own it tries in a thread first, half a second of work. */
const loader = createServerLoader()
/** Where a real disk has its own time. */
export const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 120_000 })
export const DAY_MS = 24 * 3_600_000
/** Where the clock of a rig stands at first. */
export const NOW_MS = Date.UTC(2030, 0, 1)

/** A pipeline of a rig. */
export interface Desk {
  readonly name: string
  /** File of its store in the rig's folder; `calls.db` when absent. */
  readonly db?: string
  /** It keeps no calls. */
  readonly storeless?: boolean
  /** False: it keeps nothing that was said. */
  readonly transcript?: boolean
  /** A PostgreSQL database in place of the file. */
  readonly url?: string
  /** Folder of its records in the rig's; `records` when absent. */
  readonly records?: string
  /** As the YAML has it. */
  readonly keep?: string
  /** Its recordings are brought to this bucket, `{ bucket, … }`. */
  readonly s3?: string
  /** Has a hook of `after_call`, whose outbox is `hooks` in the rig's folder. */
  readonly hooks?: boolean
}

/** Stores on real files, of pipelines that were loaded as any, and a clock that the test moves. */
export async function openHistoryRig(
  desks: readonly Desk[],
  dir = mkdtempSync(join(tmpdir(), 'kav-history-')),
) {
  const time = createFakeClock({ wallMs: NOW_MS })
  const log = createTestLogger()
  const metrics = createMetrics()
  const storage = createStorage()
  const loaded: LoadedPipeline[] = []
  for (const desk of desks) loaded.push(await loadDesk(dir, desk))
  const parts = { clock: time.clock, log, metrics, storage, node: 'node-1' }
  const history: CallHistory = openCallHistory(loaded, parts)
  return {
    dir,
    time,
    log,
    history,
    loaded,
    parts,
    store: (desk: string) => history.stores.get(desk)!,
    /** What `/metrics` says of a series. */
    async figure(series: string): Promise<number> {
      const line = (await metrics.render('prometheus'))
        .split('\n')
        .find((one) => one.startsWith(`${series} `))
      return Number(line?.slice(series.length + 1) ?? 0)
    },
    async remove() {
      await history.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
export type HistoryRig = Awaited<ReturnType<typeof openHistoryRig>>

export async function loadDesk(
  dir: string,
  { name, db = 'calls.db', url, records = 'records', keep, s3, hooks, storeless, transcript = true }: Desk,
) {
  const file = join(dir, `${name}.yaml`)
  const lines = [
    'version: 1',
    `name: ${name}`,
    'transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false } }',
    ...['stt', 'llm', 'tts'].map((stage) => `${stage}: { plugin: ${ECHO} }`),
    ...(storeless
      ? []
      : [
          `store: { plugin: "@kav/plugin-sql-store", params: { ${url === undefined ? `file: ${join(dir, db)}` : `url: ${url}`} } }`,
        ]),
    `record: { dir: ${join(dir, records)}, audio: true, transcript: ${transcript}${s3 === undefined ? '' : `, upload: { s3: ${s3} }`} }`,
    ...(keep === undefined ? [] : [`keep: ${keep}`]),
    ...(hooks === undefined
      ? []
      : [
          `hooks: { after_call: { url: "http://127.0.0.1:9/", secret: "\${HOOK_SECRET}", outbox: { dir: ${join(dir, 'hooks')} } } }`,
        ]),
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const env = {
    HOOK_SECRET: 'a-secret-of-a-test-that-is-long',
    S3_KEY_ID: DOUBLE_KEYS.id,
    S3_SECRET: DOUBLE_KEYS.secret,
  }
  return (await openPipeline(file, env, loader)).pipeline
}

/** The `n`th call of a desk, `ageMs` before a rig's clock began. */
export function storedCallOf(
  desk: string,
  n: number,
  ageMs: number,
  change: Partial<StoredCall> = {},
): StoredCall {
  const startedAtMs = NOW_MS - ageMs
  return {
    id: `CA${n}`,
    startedAtMs,
    state: 'ended',
    pipeline: desk,
    version: 'abc',
    node: 'node-1',
    direction: 'in',
    from: `+1555010${n}`,
    to: '+15550999',
    durationMs: 60_000,
    outcome: n % 2 === 0 ? 'agent' : 'caller',
    turns: 1,
    slowestMs: 500 + n,
    facts: {
      pipeline: desk,
      direction: 'in',
      startedAt: new Date(startedAtMs).toISOString(),
      durationMs: 60_000,
      endedBy: n % 2 === 0 ? 'agent' : 'caller',
      counters: {},
      turns: [],
      stages: [],
    },
    words: {
      lines: [{ atMs: 900, who: 'caller', text: `I would like the table${n} for Zoë.` }],
      more: { tools: [], events: [] },
    },
    ...change,
  }
}

/** The files of a call, as its process would have left them, and its row with where the recording is. */
export function callWithFiles(dir: string, call: StoredCall, wav: Uint8Array): StoredCall {
  const base = callFileBase(dir, call.startedAtMs, call.id)
  mkdirSync(dir, { recursive: true })
  writeFileSync(`${base}.wav`, wav)
  writeFileSync(`${base}.txt`, call.words?.lines.map(({ text }) => text).join('\n') ?? '')
  const { id: callId, from, to, facts, words } = call
  const record = { ...facts, callId, from, to, transcript: words?.lines, tools: [], events: [] }
  writeFileSync(`${base}.json`, JSON.stringify({ ...record, recording: `${base}.wav` }))
  return { ...call, recording: `${base}.wav` }
}

/** The upload of a desk to it. */
export const doubleAsYaml = ({ endpoint }: S3Double): string =>
  JSON.stringify({
    ...{ bucket: 'calls', region: DOUBLE_REGION, endpoint },
    ...{ access_key_id: '${S3_KEY_ID}', secret_access_key: '${S3_SECRET}' },
  })
