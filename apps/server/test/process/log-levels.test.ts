import { createFakeClock, testContext } from '@kav/core/testing'
import { describe, expect, it } from 'vitest'
import { leveled, type LevelChange, LogLevels } from '../../src/process/log-levels.ts'

function rig(least: string) {
  const time = createFakeClock()
  const { log } = testContext()
  const levels = new LogLevels(least)
  const all = leveled(log, levels)
  let read = 0
  return {
    all,
    levels,
    time,
    change: (change: Omit<LevelChange, 'forMs'> & { forMs?: number }) =>
      levels.change({ forMs: 60_000, ...change }, time.clock),
    written() {
      const fresh = log.entries.slice(read)
      read = log.entries.length
      return fresh.map(({ message }) => message)
    },
  }
}

describe('levels of the log at run time', () => {
  it('are those of the start while nobody changes them', () => {
    const { all, written } = rig('info')
    all.debug({}, 'a')
    all.info({}, 'b')
    expect(written()).toEqual(['b'])
    const silent = rig('silent')
    silent.all.error({}, 'a')
    expect(silent.written()).toEqual([])
  })

  it('hold for loggers that were made before, and fall back by themselves', async () => {
    const { all, time, change, written } = rig('info')
    const child = all.child({ call: 'CA1' })
    change({ level: 'debug' })
    child.debug({}, 'a')
    await time.advance(60_000)
    child.debug({}, 'b')
    expect(written()).toEqual(['a'])
  })

  it('are told to a process that begins later for as long as they still hold', async () => {
    const { time, change, levels } = rig('info')
    change({ level: 'debug', call: 'CA1' })
    await time.advance(20_000)
    change({ level: 'warn', plugin: 'echo-stt', forMs: 50_000 })
    expect(levels.held(time.clock)).toEqual([
      { level: 'debug', call: 'CA1', forMs: 40_000 },
      { level: 'warn', plugin: 'echo-stt', forMs: 50_000 },
    ])
    await time.advance(40_000)
    expect(levels.held(time.clock)).toMatchObject([{ level: 'warn', forMs: 10_000 }])
  })

  it('can be those of one call, whether its log or the line says so', () => {
    const { all, change, written } = rig('warn')
    change({ level: 'debug', call: 'CA1' })
    const plugin = all.child({ plugin: 'echo-stt' })
    all.child({ call: 'CA1' }).debug({}, 'of its log')
    plugin.debug({ call: 'CA1' }, 'of a plugin, about it')
    plugin.info({ call: 'CA2' }, 'about another')
    all.info({}, 'about none')
    expect(written()).toEqual(['of its log', 'of a plugin, about it'])
  })

  it('can be those of one plugin, and quieter ones, too', () => {
    const { all, change, written } = rig('info')
    change({ level: 'error', plugin: 'loud-stt' })
    all.child({ plugin: 'loud-stt' }).warn({}, 'a')
    all.child({ plugin: 'other-stt' }).warn({}, 'b')
    expect(written()).toEqual(['b'])
  })

  it('are the ones that say most of a line, and of those the last', () => {
    const { all, change, written } = rig('info')
    const line = all.child({ plugin: 'echo-stt', call: 'CA1' })
    change({ level: 'debug', call: 'CA1' })
    change({ level: 'silent', plugin: 'echo-stt' })
    change({ level: 'error' })
    line.debug({}, 'by its call')
    change({ level: 'warn', call: 'CA1', plugin: 'echo-stt' })
    line.info({}, 'by both')
    change({ level: 'debug', call: 'CA1', plugin: 'echo-stt' })
    line.debug({}, 'said anew')
    expect(written()).toEqual(['by its call', 'said anew'])
  })
})
