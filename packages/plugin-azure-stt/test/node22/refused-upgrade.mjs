/**
 * Runs the faults at which Node 22 and Node 20 differ on the Node it is started with: from Node 22 on there is a
 * WebSocket of Node's own, under which the SDK never hears of a refused connection. `scripts/node-versions.mjs` starts it
 * on each.
 */
import assert from 'node:assert/strict'
import { MULAW_8K } from '@kav/core'
import plugin from '../../dist/index.js'
import { numberedFrames, openSpeechServer } from '../../dist/testing/index.js'

const silent = () => undefined
const log = { debug: silent, info: silent, warn: silent, error: silent, child: () => log }
const clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
const metrics = { count: silent, gauge: silent, observe: silent }

async function withServer(script, check) {
  const server = await openSpeechServer({ script })
  const provider = plugin.create(
    { language: 'he-IL', key: 'some-key', host: server.host, connect_timeout_ms: 2000 },
    { log, clock, metrics, baseDir: process.cwd() },
  )
  const open = () =>
    provider.openSession({
      callId: 'node22',
      format: MULAW_8K,
      hints: [],
      signal: new AbortController().signal,
    })
  const startMs = performance.now()
  await check(open, server)
  console.log(`${check.name}: ok in ${Math.round(performance.now() - startMs)} ms`)
  await provider.close()
  await server.close()
}

await withServer(
  () => ({ refuse: 401 }),
  async function refusedUpgradeIsReportedAtOnce(open, server) {
    await assert.rejects(open(), { class: 'auth' })
    assert.equal(server.connections[0].headers['ocp-apim-subscription-key'], 'some-key')
  },
)
await withServer(
  () => ({}),
  async function refusedPortIsReportedAtOnce(open, server) {
    await server.close()
    await assert.rejects(open(), { class: 'network' })
  },
)
await withServer(
  () => ({ refuse: 'hang' }),
  async function aServerThatDoesNotAnswerIsATimeout(open) {
    await assert.rejects(open(), { class: 'timeout' })
  },
)
await withServer(
  ({ index }) => ({
    understand: { framesPerWord: 5, wordsPerFinal: 4 },
    ...(index === 0 && { resetAtMs: 600 }),
  }),
  async function aResetIsSurvivedWithoutLoss(open, server) {
    const session = await open()
    const finals = []
    const over = (async () => {
      for await (const event of session.events) if (event.type === 'final') finals.push(event.text)
    })()
    session.write(numberedFrames(0, 50))
    await server.until(() => server.connections.length === 2)
    session.write(numberedFrames(50, 100))
    session.finish()
    await over
    await session.close()
    assert.equal(finals.join(' '), Array.from({ length: 20 }, (_, index) => `w${index}`).join(' '))
  },
)
await new Promise((resolve) => setTimeout(resolve, 300))
const left = process.getActiveResourcesInfo().filter((name) => /TCP|Timeout/.test(name))
assert.deepEqual(left, [], 'nothing is left open')
console.log(`${process.version}: all ok`)
