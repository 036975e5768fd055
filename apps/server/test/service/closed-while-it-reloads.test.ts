import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { definePlugin, type TransportHost, type TransportProvider } from '@kav/core'
import { createFrameClock, type LoadedPipeline } from '@kav/core/host'
import { createDeferred } from '@kav/core/kit'
import {
  createFakeClock,
  createFakeLlm,
  createFakeStt,
  createFakeTts,
  createTestLogger,
} from '@kav/core/testing'
import { Type } from '@sinclair/typebox'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownOutbound } from '../../src/admission/outbound-links.ts'
import { createMetrics } from '../../src/metrics.ts'
import { openPipeline } from '../../src/open-pipeline.ts'
import { createServerLoader } from '../../src/plugins.ts'
import { createStorage } from '../../src/process/storage.ts'
import { BEING_STOPPED, openService } from '../../src/service/service.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kav-closed-'))
  writeFileSync(join(dir, 'told.mjs'), '')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** Plugins of which is known what was made, and how often each was closed. */
function toldPlugins() {
  const made: { readonly kind: string; closed: number }[] = []
  /** Settles the warming of every model. */
  const warm = createDeferred<void>()
  let host: TransportHost | undefined
  const own = { name: 'told', description: 'Told of.', params: Type.Object({}) }
  function told<Provider extends { close(): Promise<void> }>(kind: string, provider: Provider): Provider {
    const one = { kind, closed: 0 }
    made.push(one)
    return { ...provider, close: async () => void one.closed++ }
  }
  const plugins = [
    definePlugin({
      ...own,
      kind: 'transport',
      params: Type.Object({ of: Type.String() }),
      create: (): TransportProvider =>
        told('transport', {
          attach: (given: TransportHost) => void (host = given),
          close: async () => undefined,
        }),
    }),
    definePlugin({
      ...own,
      kind: 'stt',
      create: (_, { clock }) => told('stt', createFakeStt({ clock, says: [] }).provider),
    }),
    definePlugin({
      ...own,
      kind: 'llm',
      create: (_, { clock }) =>
        told('llm', { ...createFakeLlm({ clock, replies: [] }).provider, warm: () => warm.promise }),
    }),
    definePlugin({
      ...own,
      kind: 'tts',
      create: (_, { clock }) => told('tts', createFakeTts({ clock }).provider),
    }),
  ]
  return { made, warm, plugins, host: () => host! }
}

/** A service of one pipeline, and files by which others take its place, each with a transport of its own. */
async function openRig() {
  const { plugins, ...told } = toldPlugins()
  const importModule = async (url: string): Promise<unknown> =>
    url.endsWith('/told.mjs') ? { default: plugins } : await import(url)
  const loader = createServerLoader(importModule, {})
  async function load(name: string, greeting: string): Promise<LoadedPipeline> {
    const file = join(dir, `${name}.yaml`)
    writeFileSync(
      file,
      `version: 1
name: ${name}
transport: { plugin: ./told.mjs, params: { of: ${name} } }
stt: { plugin: ./told.mjs }
llm: { plugin: ./told.mjs }
tts: { plugin: ./told.mjs }
speech-cache: { dir: ${join(dir, 'speech')} }
conversation: { greeting: ${greeting} }
`,
    )
    return (await openPipeline(file, {}, loader)).pipeline
  }
  const time = createFakeClock()
  const log = createTestLogger()
  const metrics = createMetrics(log)
  const served: number[] = []
  const service = await openService([await load('desk', 'Hello.')], {
    ...{ clock: time.clock, log, metrics, outbound: ownOutbound },
    frameClock: createFrameClock(time.clock, metrics.metrics),
    storage: createStorage({ clock: time.clock, metrics: metrics.metrics }),
    completesKilled: false,
    once: () => true,
    port: { serve: (tables) => void served.push(tables.length), ownPath: (path) => path },
  })
  const next = [await load('sales', 'Hello.'), await load('desk', 'Good day.')]
  return {
    ...told,
    time,
    served,
    service,
    next,
    /** Closes it, and tells the kinds of all that is not closed once by then. */
    async close(): Promise<readonly string[]> {
      let isClosed = false
      void service.close().then(() => (isClosed = true))
      while (!isClosed) await time.advance(100)
      return told.made.filter(({ closed }) => closed !== 1).map(({ kind, closed }) => `${kind} ${closed}`)
    },
  }
}

/** As far as it gets within so many turns of what is due at once. */
async function turns(count: number): Promise<void> {
  for (let turn = 1; turn <= count; turn++) await (turn % 4 === 0 ? setImmediate() : undefined)
}

it('a service that is closed while files are taken closes what was made of them, at whatever step, and makes no more', async () => {
  let steps = 0
  for (let isUnderWay = true; isUnderWay; steps++) {
    const { made, served, service, next, close } = await openRig()
    const reload = service.reload(next).then(
      () => 'taken',
      (error: Error) => error.message,
    )
    await turns(steps)
    const tables = served.length
    const open = await close()
    // Two lines, and three of each pipeline: now they wait to be warm.
    isUnderWay = made.length < 4 + 1 + 6
    const here = `after ${steps} turns`
    expect([here, open]).toEqual([here, []])
    const atEnd = made.length
    expect([here, await reload]).toEqual([here, BEING_STOPPED])
    await turns(12)
    expect([here, made.length, served.length]).toEqual([here, atEnd, tables])
  }
  expect(steps).toBeGreaterThan(4)
})

it('what was replaced and has a call to come is closed once, whether that ends first or the service', async () => {
  for (const endsFirst of [true, false]) {
    const { made, warm, host, service, next, close, time } = await openRig()
    warm.resolve()
    await host().admit({ id: 'CA1' }, 60_000)
    let removed: readonly string[] = []
    void service.reload([next[0]!]).then((reload) => ({ removed } = reload))
    while (removed.length === 0) await time.advance(100)
    expect(made.some(({ closed }) => closed > 0)).toBe(false)
    // A stream that does not come is given up.
    if (endsFirst) await time.advance(10_000)
    expect([endsFirst, await close()]).toEqual([endsFirst, []])
    await time.advance(60_000)
    expect([endsFirst, made.filter(({ closed }) => closed !== 1)]).toEqual([endsFirst, []])
  }
})
