import { setTimeout as sleep } from 'node:timers/promises'
import { bytesPerSecond, type RealtimeProvider, type SttProvider } from '../../contracts/index.ts'
import { createRealClock } from '../test-context.ts'
import { createTestLogger } from '../test-logger.ts'
import { createTestMetrics } from '../test-metrics.ts'
import { within } from '../contracts/common/contract-case.ts'
import { listen } from '../contracts/stt/listen.ts'
import { catchStrayErrors } from '../contracts/common/stray-errors.ts'
import type { PluginContract } from './plugin-contract.ts'

/** Something measured, for a person to look at. */
export interface Figure {
  readonly name: 'time to ready' | 'write cost' | 'abort latency' | 'memory per session' | 'time to answer'
  readonly value: number
  readonly unit: 'ms' | 'us' | 'KB'
}

const SESSIONS = 20
/** A provider that allows fewer at once lets the others wait: those that are open by then are measured. */
const OPEN_MS = 2_000
const LIMIT_MS = 30_000
const WRITES = 500

const context = () => ({
  log: createTestLogger(),
  metrics: createTestMetrics(),
  clock: createRealClock(),
  baseDir: process.cwd(),
})

/** Figures of a provider, by its kind; none of one that fails, or takes too long. */
export async function measure(contract: PluginContract): Promise<readonly Figure[]> {
  try {
    let figures: readonly Figure[] = []
    await catchStrayErrors(async () => {
      figures = await within(measureKind(contract), LIMIT_MS, 'figures')
    })
    return figures
  } catch {
    // The cases have told why.
    return []
  }
}

async function measureKind(contract: PluginContract): Promise<readonly Figure[]> {
  switch (contract.kind) {
    case 'stt':
      return using(contract.options.create, (provider) => ofSessions(sttSessions(provider, contract.options)))
    case 'realtime':
      return using(contract.options.create, (provider) =>
        ofSessions(realtimeSessions(provider, contract.options)),
      )
    case 'tts': {
      const { text = 'Good morning, how can I help you today?' } = contract.options
      return using(contract.options.create, (provider) =>
        ofStreams((signal) =>
          provider.speak({ callId: 'figures', text, format: provider.produces[0]! }, signal),
        ),
      )
    }
    case 'llm': {
      const { say = 'Hello, who are you?' } = contract.options
      const messages = contract.options.messages ?? [{ role: 'user' as const, content: say }]
      return using(contract.options.create, (provider) =>
        ofStreams((signal) => provider.reply({ callId: 'figures', messages, tools: [] }, signal)),
      )
    }
    case 'vad':
      return using(contract.options.create, async (provider) => {
        const windows = contract.options.speech(provider.sampleRateHz).slice(0, provider.windowSamples)
        const stream = provider.openStream()
        return ofAnswers(async () => provider.rate([stream], windows, new Float32Array(1)))
      })
    case 'store':
      return using(contract.options.create, (provider) =>
        ofAnswers(() => provider.find({}, { limit: 100 }).then(() => undefined)),
      )
    case 'turn':
      return using(contract.options.create, (provider) => {
        const question = { audio: new Int16Array(0), text: '', asked: '', language: 'en-US' }
        const asked = { ...question, ...contract.options.done(provider) }
        return ofAnswers(async () => provider.judge([asked], new Float32Array(1)))
      })
    case 'denoise':
      return using(contract.options.create, (provider) => {
        const sampleRateHz = provider.sampleRatesHz[0]!
        const piece = contract.options.speech(sampleRateHz).slice(0, sampleRateHz / 25)
        const session = provider.openSession(sampleRateHz)
        return ofAnswers(async () => session.clean(piece))
      })
    case 'tool':
      return using(contract.options.create, (provider) => {
        const { tool, args } = contract.options.calls[0]!
        const about = {
          callId: 'figures',
          params: {},
          language: 'en-US',
          signal: new AbortController().signal,
        }
        return ofAnswers(() => provider.run(tool, args, about))
      })
    case 'transport':
      return []
  }
}

async function using<Provider extends { close(): Promise<void> }>(
  create: (given: ReturnType<typeof context>) => Provider | Promise<Provider>,
  body: (provider: Provider) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  const provider = await create(context())
  try {
    return await body(provider)
  } finally {
    await provider.close()
  }
}

/** How sessions are opened and what is written to them. */
interface Sessions {
  open(signal: AbortSignal): Promise<OpenSession>
  readonly batch: Uint8Array
}

interface OpenSession {
  write(audio: Uint8Array): void
  /** Resolves when the events have ended. */
  readonly over: Promise<unknown>
  close(): Promise<void>
}

function sttSessions(
  provider: SttProvider,
  { format, speech }: Extract<PluginContract, { kind: 'stt' }>['options'],
): Sessions {
  const region = provider.regions?.[0]
  return {
    batch: speech.slice(0, batchBytes(bytesPerSecond(format))),
    async open(signal) {
      const about = { callId: 'figures', format, hints: [], signal, ...(region !== undefined && { region }) }
      const session = await provider.openSession(about)
      return { write: session.write.bind(session), over: listen(session).over, close: () => session.close() }
    },
  }
}

function realtimeSessions(
  provider: RealtimeProvider,
  { format, speech }: Extract<PluginContract, { kind: 'realtime' }>['options'],
): Sessions {
  return {
    batch: speech.slice(0, batchBytes(bytesPerSecond(format))),
    async open(signal) {
      const about = { callId: 'figures', format, instructions: '', tools: [], hints: [], history: [], signal }
      const session = await provider.openSession(about)
      return {
        write: session.write.bind(session),
        over: drained(session.events),
        close: () => session.close(),
      }
    },
  }
}

const batchBytes = (rate: number) => (rate * 40) / 1000

async function drained(events: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const _event of events);
  } catch {
    // An end, too.
  }
}

async function ofSessions({ open, batch }: Sessions): Promise<readonly Figure[]> {
  const abort = new AbortController()
  const [first, readyMs] = await timed(() => open(abort.signal))
  const startMs = performance.now()
  for (let write = 0; write < WRITES; write++) first.write(batch)
  const writeUs = ((performance.now() - startMs) * 1000) / WRITES
  const [, abortMs] = await timed(async () => {
    abort.abort()
    await first.close()
    await first.over
  })
  return [
    { name: 'time to ready', value: readyMs, unit: 'ms' },
    { name: 'write cost', value: writeUs, unit: 'us' },
    { name: 'abort latency', value: abortMs, unit: 'ms' },
    ...(await memoryOf(open, (session) => session.close())),
  ]
}

async function ofStreams(start: (signal: AbortSignal) => AsyncIterable<unknown>): Promise<readonly Figure[]> {
  const abort = new AbortController()
  const iterator = start(abort.signal)[Symbol.asyncIterator]()
  const [, readyMs] = await timed(() => iterator.next())
  const [, abortMs] = await timed(async () => {
    abort.abort()
    await iterator.next().catch(() => undefined)
  })
  const begin = async (signal: AbortSignal) => {
    const one = start(signal)[Symbol.asyncIterator]()
    await one.next()
    return one
  }
  return [
    { name: 'time to ready', value: readyMs, unit: 'ms' },
    { name: 'abort latency', value: abortMs, unit: 'ms' },
    ...(await memoryOf(begin, (one) => Promise.resolve(one.return?.()))),
  ]
}

/** Memory of one of many that are open at once. */
async function memoryOf<Session>(
  open: (signal: AbortSignal) => Promise<Session>,
  close: (session: Session) => Promise<unknown>,
): Promise<readonly Figure[]> {
  const stop = new AbortController()
  // Each of its own, as a call has: a signal warns of the eleventh who listens to it.
  const stops = Array.from({ length: SESSIONS }, () => new AbortController())
  const ready: Session[] = []
  const before = heapKb()
  const all = stops.map(({ signal }) => open(signal).then((session) => ready.push(session)))
  const opened = Promise.allSettled(all)
  await Promise.race([
    opened,
    sleep(OPEN_MS, undefined, { ref: false, signal: stop.signal }).catch(() => undefined),
  ])
  const value = grownKb(before) / ready.length
  const measured = ready.length
  stop.abort()
  for (const one of stops) one.abort()
  const closed = Promise.allSettled(ready.map(close))
  // Those that still waited are let go by the abort.
  await Promise.race([Promise.all([opened, closed]), sleep(OPEN_MS, undefined, { ref: false })])
  return measured === 0 ? [] : [{ name: 'memory per session', value, unit: 'KB' }]
}

async function ofAnswers(ask: () => Promise<unknown>): Promise<readonly Figure[]> {
  const [, readyMs] = await timed(ask)
  const [, answerMs] = await timed(ask)
  return [
    { name: 'time to ready', value: readyMs, unit: 'ms' },
    { name: 'time to answer', value: answerMs, unit: 'ms' },
  ]
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const startMs = performance.now()
  return [await work(), performance.now() - startMs]
}

/** What lives, with `node --expose-gc`; without it what was allocated, which is more. */
/** 0 where a collection in between has freed more than was taken. */
const grownKb = (beforeKb: number): number => Math.max(0, heapKb() - beforeKb)

function heapKb(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 1024
}
