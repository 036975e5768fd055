import { createFakeClock, createTestLogger, createTestMetrics } from '@kav/core/testing'
import { asPlugin, followPlugins } from '@kav/core/host'
import { afterEach, describe, expect, it } from 'vitest'
import { guardProcess, guardStart } from '../../src/process/process-guard.ts'

const PLACES = [
  {
    name: './voice.mjs',
    path: '/srv/voice.mjs',
    own: false,
    dependencies: [],
    namedAt: ['desk.yaml:4:16', 'night.yaml:9:9'],
  },
]

/** The guard's own listeners: those of the test runner must not hear of it. */
function guard() {
  const kinds = ['unhandledRejection', 'uncaughtException'] as const
  const before = new Set(kinds.flatMap((kind) => process.rawListeners(kind)))
  const log = createTestLogger()
  const metrics = createTestMetrics()
  const time = createFakeClock()
  let ill = 0
  const unguard = guardProcess({ log, metrics, clock: time.clock, places: PLACES, onIll: () => ill++ })
  const [reject, raise] = kinds.map((kind) => {
    const added = process.rawListeners(kind).filter((listener) => !before.has(listener))
    return (thrown: unknown) => added.forEach((listener) => (listener as (thrown: unknown) => void)(thrown))
  })
  return { log, metrics, time, unguard, reject: reject!, raise: raise!, ill: () => ill }
}

describe('the guard of a process that starts', () => {
  /** One that is told, and needs no listener of Node's. */
  const fault = (name: string) =>
    asPlugin({ name }, () => {
      expect(() => process.exit(1)).toThrow('refused')
    })

  it('tells a fault of a plugin with the line that names it as soon as that is known, or after a moment without', async () => {
    const log = createTestLogger()
    const time = createFakeClock()
    const shared = { log, metrics: createTestMetrics(), clock: time.clock, onIll: () => undefined }
    const named = () => log.entries.map(({ fields }) => [fields['plugin'], fields['named']])
    const start = guardStart(shared)
    fault('./voice.mjs')
    expect(named()).toEqual([])
    start.known(PLACES)
    fault('./voice.mjs')
    expect(named()).toEqual([
      ['./voice.mjs', ['desk.yaml:4:16', 'night.yaml:9:9']],
      ['./voice.mjs', ['desk.yaml:4:16', 'night.yaml:9:9']],
    ])
    start.guarded()
    start.ready()
    const wrong = guardStart(shared)
    fault('./other.mjs')
    await time.advance(2_000)
    expect(named().at(-1)).toEqual(['./other.mjs', undefined])
    wrong.guarded()
    wrong.ready()
  })
})

describe('the guard of the process', () => {
  let guarded: ReturnType<typeof guard>
  afterEach(() => guarded.unguard())

  it('tells of the same fault less and less often, and counts every one', () => {
    guarded = guard()
    for (let i = 0; i < 100; i++) guarded.reject(new Error('again'))
    expect(guarded.log.entries.map((entry) => entry.fields['times'])).toEqual([1, 2, 4, 8, 16, 32, 64])
    expect(guarded.metrics.value('stray_errors_total', { kind: 'unhandledRejection' })).toBe(100)
    expect(guarded.ill()).toBe(0)
  })

  it('tells whose work it was where the stack does not', async () => {
    guarded = guard()
    const unfollow = followPlugins()
    const thrown = new Error('fetch failed')
    thrown.stack = 'TypeError: fetch failed\n    at node:internal/deps/undici/undici:14976:13'
    await asPlugin({ name: './voice.mjs', url: 'file:///srv/voice.mjs' }, async () => {
      await Promise.resolve()
      guarded.reject(thrown)
    })
    unfollow()
    expect(guarded.log.entries[0]!.fields).toMatchObject({
      plugin: './voice.mjs',
      at: '/srv/voice.mjs',
      named: ['desk.yaml:4:16', 'night.yaml:9:9'],
    })
    expect(guarded.metrics.value('stray_errors_total', { plugin: './voice.mjs' })).toBe(1)
  })

  it('calls the process ill after ten exceptions of unknown origin within a minute, once', () => {
    guarded = guard()
    for (let i = 0; i < 9; i++) guarded.raise(ownFault(i))
    expect(guarded.ill()).toBe(0)
    for (let i = 0; i < 5; i++) guarded.raise(ownFault(9 + i))
    expect(guarded.ill()).toBe(1)
  })

  it('never calls it ill for what a plugin threw, with or without a stack', () => {
    guarded = guard()
    const error = new Error('x')
    error.stack = 'Error: x\n    at f (/app/node_modules/wires/index.js:1:2)'
    for (let i = 0; i < 20; i++) for (const thrown of [error, 'a text', undefined]) guarded.raise(thrown)
    expect(guarded.ill()).toBe(0)
    expect(guarded.metrics.value('stray_errors_total')).toBe(60)
  })

  it('never calls it ill for connections that a far end broke', () => {
    guarded = guard()
    for (let i = 0; i < 20; i++) {
      const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
      error.stack =
        'Error: read ECONNRESET\n    at TCP.onStreamRead (node:internal/stream_base_commons:216:20)'
      guarded.raise(error)
    }
    expect(guarded.ill()).toBe(0)
    expect(guarded.metrics.value('stray_errors_total', { kind: 'uncaughtException' })).toBe(20)
  })

  it('lets nobody end the process, and tells who wanted to, once', () => {
    const before = process.exit
    guarded = guard()
    const second = guardProcess({ ...guarded, clock: guarded.time.clock, places: [], onIll: () => undefined })
    let thrown: unknown
    try {
      process.exit(7)
    } catch (error) {
      thrown = error
    }
    guarded.raise(thrown)
    expect(guarded.log.entries.map(({ fields }) => fields)).toMatchObject([
      {
        kind: 'exit',
        at: expect.stringMatching(/process-guard\.test\.ts:\d+/),
        error: expect.stringMatching(/process\.exit\(7\) .*refused/),
      },
    ])
    expect(guarded.metrics.value('stray_errors_total')).toBe(1)
    guarded.unguard()
    expect(() => process.exit(8)).toThrow('refused')
    second()
    expect(process.exit).toBe(before)
  })

  it('bears with ten exceptions in an hour', async () => {
    guarded = guard()
    for (let i = 0; i < 20; i++) {
      guarded.raise(ownFault(i))
      await guarded.time.advance(10_000)
    }
    expect(guarded.ill()).toBe(0)
  })
})

/** An error out of code that is no plugin's and no package's. */
function ownFault(index: number): Error {
  const error = new Error(`fault ${index}`)
  error.stack = `Error: fault ${index}\n    at listOnTimeout (node:internal/timers:573:17)`
  return error
}
