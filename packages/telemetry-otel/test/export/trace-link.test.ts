import { createTestLogger, createTestMetrics } from '@kav/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { openTraceLink, type TraceLink } from '../../src/export/trace-link.ts'
import type { TracesSettings } from '../../src/export/trace-messages.ts'

const settings: TracesSettings = {
  protocol: 'http/protobuf',
  sampler: { parentBased: true, ratio: 1 },
  queue: { maxSpans: 100, batchSpans: 50, delayMs: 10 },
  content: false,
  resource: {},
  version: '0.1.0',
}
const thread = (code: string): URL =>
  new URL(`data:text/javascript,import { parentPort } from 'node:worker_threads';${encodeURIComponent(code)}`)
/** It never says that it has read anything. */
const DEAF = thread(`parentPort.on('message', () => {})`)
const DYING = thread(`parentPort.on('message', () => { throw new Error('out of memory') })`)
/** It tells what it was given. */
const TELLING = thread(
  `parentPort.on('message', ({ kind, entries }) => {
    const lines = [{ level: 'info', fields: { entries: entries && JSON.parse(entries) }, message: kind }]
    parentPort.postMessage({ read: 0, waiting: 0, counts: [], lines, closed: kind === 'close' })
  })`,
)

/** A thread starts late on a busy machine. */
const PATIENT = { timeout: 120_000 }

describe('openTraceLink', { timeout: 120_000 }, () => {
  let link: TraceLink
  afterEach(() => link.close(0))

  function open(threadUrl: URL, nowMs = () => 0) {
    const [log, metrics] = [createTestLogger(), createTestMetrics()]
    link = openTraceLink({ settings, log, metrics, threadUrl, nowMs })
    const lost = (why: string): number => metrics.value('trace_events_lost_total', { why })
    const tell = (times: number, fields: object = { turn: 1 }): void => {
      for (let at = 0; at < times; at++) link.tell(1, at, 'turn_ended', fields, null)
    }
    return { log, lost, tell }
  }

  it('holds no more than its bound for a thread that does not keep up, and counts the rest', async () => {
    const { lost, tell } = open(DEAF)
    tell(1000)
    expect(lost('queue_full')).toBe(600)
    await link.close(0)
    expect(lost('shutdown')).toBe(400)
    tell(1)
    expect(lost('shutdown')).toBe(401)
  })

  it('takes the beginning and the end of a call all the same', async () => {
    const { lost, tell } = open(DEAF)
    tell(500)
    link.tell(2, 0, 'begin', {}, null)
    link.tell(2, 0, 'over', null, null)
    await link.close(0)
    expect(lost('shutdown')).toBe(402)
  })

  it('tells of a thread that dies, counts what it had, and starts another one that is not too soon', async () => {
    let nowMs = 0
    const { log, lost, tell } = open(DYING, () => nowMs)
    tell(128)
    await expect.poll(() => log.find('TRACES: their thread ended'), PATIENT).toHaveLength(1)
    expect(lost('thread')).toBe(128)
    tell(128)
    expect(lost('thread')).toBe(256)
    nowMs = 10_001
    tell(128)
    expect(lost('thread')).toBe(256)
    await expect.poll(() => log.find('TRACES: their thread ended'), PATIENT).toHaveLength(2)
    expect(lost('thread')).toBe(384)
  })

  it('throws nothing into a call where no thread is to be had any more, and tries it again later', async () => {
    const [log, metrics] = [createTestLogger(), createTestMetrics()]
    let [threadUrl, nowMs] = [DYING, 0]
    const parts = {
      ...{ settings, log, metrics, nowMs: () => nowMs },
      get threadUrl() {
        return threadUrl
      },
    }
    link = openTraceLink(parts)
    const tell = (): void => {
      for (let at = 0; at < 128; at++) link.tell(1, at, 'turn_ended', {}, null)
    }
    tell()
    await expect.poll(() => log.find('TRACES: their thread ended'), PATIENT).toHaveLength(1)
    threadUrl = new URL('none:')
    nowMs = 10_001
    tell()
    tell()
    expect(log.find('TRACES: there is no thread for them')).toHaveLength(1)
    expect(metrics.value('trace_events_lost_total', { why: 'thread' })).toBe(384)
    threadUrl = DEAF
    nowMs = 20_002
    tell()
    expect(metrics.value('trace_events_lost_total', { why: 'thread' })).toBe(384)
  })

  it('leaves out what cannot be written, and nothing else', async () => {
    const { log, lost, tell } = open(TELLING)
    tell(1, { turn: 1 })
    tell(1, { turn: 2n })
    tell(1, { turn: 3 })
    await link.close(5000)
    expect(lost('unreadable')).toBe(1)
    const entries = [1, 0, 'turn_ended', { turn: 1 }, null, 1, 0, 'turn_ended', { turn: 3 }, null]
    expect(log.find('batch')).toMatchObject([{ fields: { entries } }])
  })
})
