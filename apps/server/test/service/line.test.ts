import { type CallPlace, definePlugin, type TransportCall, type TransportHost } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/metrics.ts'
import { createBrowserDoor } from '../../src/service/browser-door.ts'
import type { RunningPipeline } from '../../src/service/running-pipeline.ts'
import { type LineParts, openLine } from '../../src/service/line.ts'
import { systemClock } from '../../src/system-clock.ts'

const CALL = { id: 'CA1', params: {} } as unknown as TransportCall

/** What is behind a line, and says whose calls came. */
function pipelineOf(name: string, taken: string[]) {
  const state = { isClosed: false }
  const place: CallPlace = { release: () => undefined }
  const running = {
    loaded: { config: { name } },
    hooks: {},
    get isClosed() {
      return state.isClosed
    },
    admission: { admit: async () => place, admitPromised: () => place, passesOn: false },
    take: () => void taken.push(name),
  }
  return { running: running as unknown as RunningPipeline, state }
}

function openTestLine(close = async (): Promise<void> => undefined) {
  const warned: string[] = []
  let host: TransportHost | undefined
  const plugin = definePlugin({
    kind: 'transport',
    name: 'test-line',
    description: 'Brings the calls that a test hands over.',
    params: { type: 'object' } as never,
    create: () => ({ attach: (given) => void (host = given), close }),
  })
  const loaded = {
    stages: { transport: { kind: 'transport', plugin, package: 'test-line', params: {} } },
    baseDir: '.',
  }
  const nothing = (): void => undefined
  const warn = (_fields: object, message: string): void => void warned.push(message)
  const log = { debug: nothing, info: nothing, warn, error: nothing, child: () => log }
  const parts = {
    log,
    metrics: createMetrics(),
    clock: systemClock,
    port: { ownPath: (path: string) => path },
  }
  const line = openLine(loaded as unknown as LoadedPipeline, parts as unknown as LineParts)
  return { line, host: host!, warned }
}

describe('a line whose transport takes no stream of a browser', () => {
  it('has no place for the phone, which is told so', async () => {
    const { line } = openTestLine()
    const { running } = pipelineOf('desk', [])
    const door = createBrowserDoor((name) => (name === 'desk' ? { running, line } : undefined))
    expect(await door.offer({ pipeline: 'desk' })).toEqual({ refused: 'no-browser-calls' })
    expect(await door.offer({ pipeline: 'another' })).toEqual({ refused: 'unknown-pipeline' })
  })
})

it.each([
  ['throws', () => Promise.resolve(JSON.parse('no JSON') as undefined)],
  ['rejects', () => Promise.reject(new Error('not now'))],
])('a line whose transport %s as it is closed is closed, and that is told', async (_how, close) => {
  const { line, warned } = openTestLine(close)
  await line.close()
  expect(warned).toEqual(['SERVER: a provider did not close'])
})

describe('a line whose pipeline is replaced', () => {
  it('brings a promised call to the pipeline that promised it, and to the next one when that is closed', async () => {
    const { line, host } = openTestLine()
    const taken: string[] = []
    const [old, next] = [pipelineOf('old', taken), pipelineOf('next', taken)]
    line.lead([old.running])
    const place = (await host.admit({ id: 'CA1' }, 1000)) as CallPlace
    line.lead([next.running])
    host.onCall(CALL, place)
    old.state.isClosed = true
    host.onCall(CALL, place)
    expect(taken).toEqual(['old', 'next'])
  })

  it('asks the one that is there now for room, when the old one’s hook was waited for', async () => {
    const { line, host } = openTestLine()
    const asked: string[] = []
    const [old, next] = [pipelineOf('desk', []), pipelineOf('desk', [])]
    for (const [version, { running }] of Object.entries({ old, next }))
      Object.assign(running.admission, {
        admit: async () => (asked.push(version), { release: () => undefined }),
      })
    Object.assign(old.running.hooks, {
      beforeCall: { ask: async () => (line.lead([next.running]), { values: {}, failed: false }) },
    })
    line.lead([old.running])
    await host.admit({ id: 'CA1' }, 1000)
    expect(asked).toEqual(['next'])
  })
})
