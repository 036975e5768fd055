import { fileURLToPath } from 'node:url'
import { createFakeClock, testContext } from '@kav/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { logForeignOutput } from '../../src/process/foreign-output.ts'

const HERE = fileURLToPath(import.meta.url)

describe('what plugins print', () => {
  let undo: (() => void) | undefined
  afterEach(() => undo?.())

  function listen(path: string) {
    const context = testContext({ clock: createFakeClock().clock })
    const places = [{ name: './mine.mjs', path, own: false, dependencies: [] }]
    undo = logForeignOutput({ ...context, places })
    return context.log.entries
  }

  it('is a line of the log, with the plugin’s name and the text kept private', () => {
    const logs = listen(HERE)
    console.error('no key for %s', 'Ann', { tries: 2 })
    console.log('well')
    expect(logs).toMatchObject([
      {
        level: 'warn',
        message: 'PROCESS: printed by a plugin or a library',
        fields: { plugin: './mine.mjs', private: { text: 'no key for Ann { tries: 2 }' } },
      },
      { level: 'info', fields: { plugin: './mine.mjs', private: { text: 'well' } } },
    ])
  })

  it('names no plugin where the stack names none', () => {
    const logs = listen('/elsewhere/')
    console.warn('who?')
    expect(logs[0]!.fields).not.toHaveProperty('plugin')
  })

  it('is told five times at once, however often it is printed', () => {
    const logs = listen(HERE)
    for (let times = 0; times < 100; times++) console.log('again', times)
    expect(logs).toHaveLength(5)
  })

  it('are warnings of Node.js, too, which are printed no more', async () => {
    const logs = listen(HERE)
    process.emitWarning('old and gone', { type: 'DeprecationWarning', code: 'KAV001' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(logs).toMatchObject([
      {
        level: 'warn',
        message: 'PROCESS: a warning',
        fields: {
          plugin: './mine.mjs',
          warning: 'DeprecationWarning',
          code: 'KAV001',
          private: { text: 'old and gone' },
        },
      },
    ])
  })

  it('is printed as before once nobody listens any more', () => {
    const before = [console.log, ...process.listeners('warning')]
    listen(HERE)
    expect(console.log).not.toBe(before[0])
    undo?.()
    undo = undefined
    expect([console.log, ...process.listeners('warning')]).toEqual(before)
  })
})
