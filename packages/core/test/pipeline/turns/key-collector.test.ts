import { describe, expect, it } from 'vitest'
import { createKeyCollector } from '../../../src/pipeline/turns/key-collector.ts'
import { createFakeClock } from '../../../src/testing/index.ts'

function collect(options: { terminator?: string; maxDigits?: number } = {}) {
  const entries: string[] = []
  let told = 0
  const { clock, advance, pending } = createFakeClock()
  const collector = createKeyCollector({
    terminator: '#',
    interDigitMs: 2000,
    maxDigits: 6,
    ...options,
    clock,
    onKey: () => void told++,
    onKeys: (keys) => entries.push(keys),
  })
  const press = (keys: string) => [...keys].forEach((key) => collector.press(key))
  return { entries, collector, press, advance, timers: pending, told: () => told }
}

describe('the key collector', () => {
  it('ends an entry at the terminator, which is not part of it', async () => {
    const { entries, press, timers } = collect()
    press('4711#')
    expect(entries).toEqual(['4711'])
    expect(timers()).toBe(0)
  })

  it('ends an entry when no key comes for a while, counted from the last one', async () => {
    const { entries, press, advance } = collect()
    press('1')
    await advance(1900)
    press('2')
    await advance(1900)
    expect(entries).toEqual([])
    await advance(100)
    expect(entries).toEqual(['12'])
  })

  it('ends an entry at its longest, and begins another', async () => {
    const { entries, press, collector, timers } = collect()
    press('12345678')
    expect(entries).toEqual(['123456'])
    expect(collector.pending()).toBe('78')
    press('#')
    expect(entries).toEqual(['123456', '78'])
    expect(timers()).toBe(0)
  })

  it('tells the terminator alone as it is', () => {
    const { entries, press } = collect()
    press('#')
    press('1##')
    expect(entries).toEqual(['#', '1', '#'])
  })

  it('takes every key as part of the entry where none terminates', async () => {
    const { entries, press, advance } = collect({ terminator: '' })
    press('*21#')
    expect(entries).toEqual([])
    await advance(2000)
    expect(entries).toEqual(['*21#'])
  })

  it('tells each key at once where an entry is one key', () => {
    const { entries, press } = collect({ maxDigits: 1 })
    press('12')
    expect(entries).toEqual(['1', '2'])
  })

  it('takes a terminator behind an entry that was full as part of it, once and for a while', async () => {
    const { entries, press, advance, told, timers } = collect({ maxDigits: 4 })
    press('4711#')
    expect(entries).toEqual(['4711'])
    expect(told()).toBe(4)
    press('#')
    expect(entries).toEqual(['4711', '#'])
    press('4711')
    await advance(2000)
    press('#')
    expect(entries).toEqual(['4711', '#', '4711', '#'])
    press('47115#')
    expect(entries.slice(4)).toEqual(['4711', '5'])
    expect(timers()).toBe(0)
  })

  it('waits for no terminator where there is none', () => {
    const { entries, press, timers } = collect({ maxDigits: 2, terminator: '' })
    press('12##')
    expect(entries).toEqual(['12', '##'])
    expect(timers()).toBe(0)
  })

  it('ignores what is no key', () => {
    const { entries, collector, press, timers } = collect()
    for (const odd of ['', 'x', '12', 'e', ' ']) collector.press(odd)
    expect(timers()).toBe(0)
    press('A#')
    expect(entries).toEqual(['A'])
  })

  it('tells nothing after close, and leaves no timer', async () => {
    const { entries, collector, press, advance, timers } = collect()
    press('12')
    collector.close()
    expect(timers()).toBe(0)
    press('3#')
    await advance(5000)
    expect(entries).toEqual([])
  })

  it('lets the handler press on', () => {
    const { clock } = createFakeClock()
    const entries: string[] = []
    const collector = createKeyCollector({
      terminator: '#',
      interDigitMs: 2000,
      maxDigits: 2,
      clock,
      onKey: () => undefined,
      onKeys(keys) {
        entries.push(keys)
        if (entries.length === 1) collector.press('9')
      },
    })
    for (const key of '12#') collector.press(key)
    expect(entries).toEqual(['12', '9'])
  })
})
