// What a process has left of calls that are over: `kav serve` with everything on that keeps something of a call, and
// providers that fail now and then, takes thousands of short calls that end in every way. After every step of them it is
// left in peace and weighed.
//
//   node bench/soak.mjs [--quick] [--calls 4000]

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeMulaw, readWav } from '@kav/core/audio'
import { randomBytes } from 'node:crypto'
import { createCarrierCall } from './callers/carrier-call.mjs'
import { findStream } from './callers/find-stream.mjs'
import { openStreamSocket } from './callers/stream-socket.mjs'
import { createWheel } from './callers/wheel.mjs'
import { runDirectly } from './lib/options.mjs'
import { createRandom } from './lib/random.mjs'
import { table, verdict } from './lib/report.mjs'
import { sleep } from './lib/setup.mjs'
import { freePortPair, listen, openServeProcess } from './servers/serve-process.mjs'

const STEPS = 10
const CALLERS = 12
const LEAST_MS = 150
const MOST_MS = 1800
const SEED = 7
/** What an HTTP agent keeps open, and a journal to be removed, take some seconds. */
const PEACE_MS = 6000
const PEACE_LIMIT_MS = 120_000
/** What V8 notes of the code that it compiles is some hundred KB over a run of thousands. */
const MAX_BYTES_A_CALL = 512
const WEIGH_DOOR = new URL('lib/weigh-door.mjs', import.meta.url).href
const SPEECH = fileURLToPath(new URL('../packages/phone/audio/tt-weasels.wav', import.meta.url))

export async function measureSoak({ quick = false, calls: [calls] = [quick ? 400 : 4000] } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'kav-bench-'))
  const service = await openService()
  const weighPort = await listen(0)
  const server = await openServeProcess({
    pipeline: 'failing.yaml',
    port: await freePortPair(),
    env: {
      BENCH_SERVICE: service.url,
      BENCH_HOOK_SECRET: randomBytes(16).toString('hex'),
      BENCH_RECORD_DIR: dir,
      NODE_OPTIONS: `--expose-gc --import ${WEIGH_DOOR}`,
      WEIGH_PORT: String(weighPort),
    },
  })
  const weigh = async () => (await fetch(`http://127.0.0.1:${weighPort}/`)).json()
  try {
    const callers = createCallers(`http://127.0.0.1:${server.port}/twilio/voice`)
    const weights = []
    for (let step = 1; step <= STEPS; step++) {
      await callers.until((calls * step) / STEPS)
      await peace(server)
      weights.push({ ...callers.tally(), ...(await weigh()) })
    }
    return report(weights, service.asked)
  } finally {
    await server.stop()
    service.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** What the hooks and the tool ask. One after-call in six is refused, and told again. */
async function openService() {
  const asked = {}
  const http = createServer((request, response) => {
    const [, what] = request.url.split('/')
    asked[what] = (asked[what] ?? 0) + 1
    if (what === 'after' && asked.after % 6 === 0) response.statusCode = 503
    response.setHeader('content-type', 'application/json')
    request.resume().on('end', () => response.end('{}'))
  })
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${http.address().port}`, asked, close: () => http.close() }
}

function createCallers(webhookUrl) {
  const random = createRandom(SEED)
  const waitingMarks = new Set()
  const wheel = createWheel((nowMs) => {
    for (const call of waitingMarks) {
      call.advance(nowMs)
      if (call.marksHeld === 0 || call.ended) waitingMarks.delete(call)
    }
  })
  const silence = Buffer.alloc(160, 0xff).toString('base64')
  const { audio } = readWav(readFileSync(SPEECH))
  const samples = new Int16Array(new Uint8Array(audio).buffer)
  const clip = Buffer.from(encodeMulaw(samples))
  const tally = { placed: 0, answered: 0, failed: 0 }
  const sid = (prefix) => prefix + randomBytes(16).toString('hex')

  async function placeCall(number) {
    const identity = { accountSid: sid('AC'), callSid: sid('CA'), streamSid: sid('MZ') }
    const { url, parameters } = await findStream({ webhookUrl }, identity)
    // A caller who has hung up before the stream was opened.
    if (number % 37 === 5) return
    const wire = await openStreamSocket(url)
    const lifeMs = LEAST_MS + random() * (MOST_MS - LEAST_MS)
    await new Promise((over) => {
      const shared = { wire, wheel, identity, parameters, silence, clip }
      const call = createCarrierCall({
        ...shared,
        onMarkHeld: (held) => void waitingMarks.add(held),
        onUnderrun: () => undefined,
        onCut: over,
      })
      wire.onText = call.onText
      wire.onClose = () => {
        call.onClose()
        over()
      }
      wheel.join(call)
      // One in five is lost with its line, without a word.
      setTimeout(number % 5 === 0 ? call.drop : call.hangUp, lifeMs)
    })
    tally.answered++
  }

  return {
    /** Calls one after the other, a dozen at a time, until so many were placed. */
    async until(count) {
      const oneAfterTheOther = async () => {
        while (tally.placed < count) await placeCall(tally.placed++).catch(() => void tally.failed++)
      }
      await Promise.all(Array.from({ length: CALLERS }, oneAfterTheOther))
    },
    tally: () => ({ ...tally }),
  }
}

/** Until no call runs, what waits was delivered, and for some time more. */
async function peace(server) {
  const untilMs = performance.now() + PEACE_LIMIT_MS
  const isBusy = async () =>
    (await server.calls()) > 0 || /^kav_outbox_waiting\{[^}]*\} [1-9]/m.test(await server.figures('/metrics'))
  while ((await isBusy()) && performance.now() < untilMs) await sleep(200)
  await sleep(PEACE_MS)
}

function report(weights, asked) {
  // What is filled once is filled by the middle.
  const [first, last] = [weights[weights.length >> 1], weights.at(-1)]
  const bytesACall = (last.bytes - first.bytes) / (last.placed - first.placed)
  const same = (what) => last[what] <= first[what]
  return {
    name: 'soak',
    title: `What is left of ${last.placed} calls`,
    lines: [
      ...table(
        ['calls placed', 'answered', 'failed', 'heap and external without code, KB', 'open files', 'timers'],
        weights.map(({ placed, answered, failed, bytes, files, timers }) => [
          placed,
          answered,
          failed,
          (bytes / 1024).toFixed(0),
          files,
          timers,
        ]),
      ),
      '',
      `Asked meanwhile: ${Object.entries(asked)
        .map(([what, times]) => `${what} ${times}`)
        .join(', ')} times.`,
    ],
    targets: [
      {
        target: 'memory that a call leaves',
        wanted: `at most ${MAX_BYTES_A_CALL} B`,
        measured: `${bytesACall.toFixed(0)} B`,
        verdict: verdict(bytesACall <= MAX_BYTES_A_CALL),
        note: `over the second half of the calls`,
      },
      {
        target: 'files and timers that a call leaves',
        wanted: '0',
        measured: `${last.files - first.files} files, ${last.timers - first.timers} timers`,
        verdict: verdict(same('files') && same('timers')),
      },
    ],
  }
}

await runDirectly(import.meta.url, measureSoak)
