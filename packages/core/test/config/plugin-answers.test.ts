import { describe, expect, it } from 'vitest'
import { meaningWarnings } from '../../src/config/checks/meaning-checks.ts'
import { checkFiles, checkStage } from '../../src/config/checks/stage-checks.ts'
import type { LoadedStage, PluginLoader } from '../../src/host.ts'
import { type AnyPlugin, definePlugin, Type } from '../../src/index.ts'
import { readText } from './read-text.ts'

const { source } = readText('tts: { plugin: ./voice.js, params: { a: 1 } }')
const REQUEST = { kind: 'tts', path: ['tts'], plugin: './voice.js', params: { a: 1 } } as const

/** What is told of a plugin without types, whose `check` and `checkFiles` give this. */
async function told(given: unknown): Promise<readonly string[]> {
  const plugin = definePlugin({
    kind: 'tts',
    name: 'voice',
    description: 'Speaks.',
    params: Type.Object({ a: Type.Number() }),
    check: () => given as never,
    checkFiles: () => Promise.resolve(given) as never,
    create: () => expect.fail('is not made'),
  }) as unknown as AnyPlugin
  const loader = { load: () => Promise.resolve({ ok: true, plugin, doubts: [] }) } as unknown as PluginLoader
  const { findings } = await checkStage(REQUEST, loader, '/', source)
  const stage = { kind: 'tts', path: ['tts'], package: './voice.js', plugin, params: { a: 1 } } as LoadedStage
  const ofFiles = await checkFiles(stage, ['tts', 'params'], { baseDir: '/' })
  expect(ofFiles).toEqual(findings)
  return findings.map(
    ({ severity, code, path, message }) => `${severity} ${code} ${path.join('.')}: ${message}`,
  )
}

describe('what a plugin says of its params', () => {
  it('stands at its place', async () => {
    expect(await told([{ path: ['a'], message: 'is odd' }])).toEqual([
      'warning KAV_CONFIG_PARAM_WARNING tts.params.a: is odd',
    ])
    expect(await told([{ path: ['b', 0], message: 'is odd', severity: 'error' }])).toEqual([
      'error KAV_CONFIG_VALUE tts.params.b.0: is odd',
    ])
    expect(await told(undefined)).toEqual([])
    expect(await told(null)).toEqual([])
  })

  it.each([
    'oops',
    {},
    [null],
    [{}],
    [new Error('odd')],
    [{ path: ['a'] }],
    [{ path: ['a'], message: 5 }],
    [{ path: 'a', message: 'is odd' }],
    [{ path: [{}], message: 'is odd' }],
    [{ path: [], message: 'is odd', severity: 'fatal' }],
  ])('is a fault of the plugin where it is none: %j', async (given) => {
    expect(await told(given)).toEqual([
      'error KAV_PLUGIN_CHECK tts.params: plugin "voice" failed while checking its params: what it gives is no list of { path: [ … ], message: "…" }',
    ])
  })
})

describe('the values that a transport says its calls have', () => {
  const config = {
    conversation: { greeting: 'Hi {{caller}}' },
    hooks: { before_call: { values: ['account'] } },
  }
  const file = readText('conversation: { greeting: "Hi {{caller}}" }')

  function doubted(callValues: () => unknown): number {
    const stage = { plugin: { callValues, params: {} }, params: {} } as unknown as LoadedStage
    return meaningWarnings(config, config, [{ path: ['transport'], stage }], file.source).length
  }

  it('make others doubtful, whatever else is among them', () => {
    expect(doubted(() => ['from'])).toBe(1)
    expect(doubted(() => [5, null, 'from'])).toBe(1)
    expect(doubted(() => ['caller'])).toBe(0)
  })

  it.each([undefined, null, 5, 'from', {}, new Set(['from'])])('are not known where it gives %j', (given) => {
    expect(doubted(() => given)).toBe(0)
  })
})
