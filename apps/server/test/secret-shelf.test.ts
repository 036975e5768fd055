import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PipelineConfig, RedactedEvent } from '@kav/core/host'
import { createTestLogger, createTestMetrics } from '@kav/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import {
  createSecretShelf,
  eventWithoutSecrets,
  hidePipeline,
  hideTexts,
  secretsIn,
  withoutSecrets,
} from '../src/privacy/secrets.ts'
import { tellSecretsBeyond } from '../src/privacy/tell-secrets-beyond.ts'

const folder = mkdtempSync(join(tmpdir(), 'kav-shelf-'))
afterAll(() => rmSync(folder, { recursive: true }))

const pipelineOf = (params: object) => ({
  config: { llm: { params } } as unknown as PipelineConfig,
  baseDir: folder,
})
const many = (count: number, mark: string): string[] =>
  Array.from({ length: count }, (_, at) => `${mark}${(at + 1_000_000).toString(36)}`)

describe('what a process knows to be secret', () => {
  it('has an end: what is beyond is counted once, and shown', () => {
    const shelf = createSecretShelf({ secrets: 2, chars: 100 })
    for (const secret of ['first-1', 'second-2', 'third-3', 'third-3', 'first-1']) shelf.add(secret)
    expect(shelf.clean('first-1 second-2 third-3')).toBe('(hidden) (hidden) third-3')
    expect(shelf.beyond).toBe(1)
    const short = createSecretShelf({ secrets: 2, chars: 10 })
    short.add('longer-than-all-of-it')
    expect(short.beyond).toBe(1)
  })

  it('is learnt with room for others in between', async () => {
    const shelf = createSecretShelf()
    let turns = 0
    const learning = { ends: false }
    const others = (): void => {
      turns++
      if (!learning.ends) setImmediate(others)
    }
    setImmediate(others)
    await shelf.addAll(many(1000, 'a7'))
    learning.ends = true
    expect(turns).toBeGreaterThan(2)
    expect(shelf.clean(many(1000, 'a7').join(' '))).not.toMatch(/a7/)
  })

  it('is no name of an event, which stands in every line', () => {
    const shelf = createSecretShelf()
    shelf.add('greeting_queued')
    expect(shelf.clean('greeting_queued')).toBe('greeting_queued')
  })

  it.skipIf(process.platform === 'win32')(
    'is what regular files of a few KB hold, and no pipe or device is waited for',
    async () => {
      writeFileSync(join(folder, 'key.pem'), 'of-a-file-1')
      writeFileSync(join(folder, 'long.pem'), 'x'.repeat(40_000))
      spawnSync('mkfifo', [join(folder, 'pipe.key')])
      const keys = ['./key.pem', './long.pem', './pipe.key', '../../../../../../dev/zero', './absent.pem']
      expect(await secretsIn(pipelineOf({ keys }))).toEqual(['of-a-file-1'])
    },
  )
})

describe('an event of a call', () => {
  const eventOf = (fields: object, said: object): RedactedEvent =>
    ({ event: 'agent_said', atMs: 1, fields, private: said }) as unknown as RedactedEvent

  it('leaves without secrets, at any depth, and is the same one where it has none', () => {
    hideTexts(['known-to-all-7'])
    const plain = eventOf({ turn: 1, plugin: 'echo' }, { text: 'Hello.', words: ['a', { b: null }] })
    expect(eventWithoutSecrets(plain)).toBe(plain)
    const { fields, private: said } = eventWithoutSecrets(
      eventOf({ turn: 1, of: [{ at: 'x known-to-all-7' }] }, { text: 'It is known-to-all-7.' }),
    )
    expect({ fields, said }).toEqual({
      fields: { turn: 1, of: [{ at: 'x (hidden)' }] },
      said: { text: 'It is (hidden).' },
    })
  })

  it('does so whatever a plugin gave it', () => {
    const endless: Record<string, unknown> = {}
    endless['a'] = endless['b'] = endless
    const throwing = Object.defineProperty({}, 'text', {
      enumerable: true,
      get: () => JSON.parse('{') as object,
    })
    const event = eventOf({ endless }, throwing)
    expect(() => eventWithoutSecrets(event)).not.toThrow()
  })
})

// The last: there is no more room in this process.
it('is told of when there is no more room, once', async () => {
  const log = createTestLogger()
  const metrics = createTestMetrics()
  tellSecretsBeyond({ log, metrics })
  await hidePipeline(pipelineOf({ keys: many(2200, 'b7') }))
  for (let times = 0; times < 2; times++) tellSecretsBeyond({ log, metrics })
  await hidePipeline(pipelineOf({ keys: many(2210, 'b7') }))
  tellSecretsBeyond({ log, metrics })
  expect(log.entries.map(({ message }) => message)).toEqual([expect.stringMatching(/^PRIVACY: more secrets/)])
  // One of the 2,000 is of an event above.
  expect(metrics.value('secrets_not_hidden_total')).toBe(211)
  expect(withoutSecrets(many(1, 'b7')[0]!)).toBe('(hidden)')
})
