import { setTimeout as sleep } from 'node:timers/promises'
import type { PluginContext } from '../../../contracts/index.ts'
import { expect, fail, until, within, type ContractCase } from './contract-case.ts'
import type { ContractOptions, StallPlace } from './contract-options.ts'
import { leavesNothingOpen } from './open-handles.ts'
import { drain, expectFault, expectQuietEnd, settled } from './outcome.ts'
import type { Suite } from './suite.ts'

/** How the cases ask for what a provider streams, text or audio. */
export interface StreamedProbe<Provider, Piece> {
  start(provider: Provider, signal: AbortSignal): AsyncIterator<Piece>
  /** What the names of the cases begin with, where a provider has more than one way to be asked. Default: nothing. */
  readonly prefix?: string
  /** Whether the provider can be asked so. Absent: each can. */
  isOf?(provider: Provider): boolean
  /** What of a piece the far end has sent, text as UTF-8; empty for a piece that only tells of something. */
  bytesOf(piece: Piece): Uint8Array
  /** All of that which the far end has sent of its latest answer. Absent: it cannot tell. */
  sent?(): Uint8Array | Promise<Uint8Array>
  /** What was put before that: a header. */
  bare?(bytes: Uint8Array): Uint8Array
}

type Streaming<Provider> = Pick<ContractOptions<Provider>, 'createStalled' | 'createCut'>
interface Closes {
  close(): Promise<void>
}
type StreamPromise = 'stalled' | 'streams' | 'cut'

/** How long a request waits before it is aborted: it has got to the far end by then, or will at once. */
const UNDER_WAY_MS = 30

/** By then a double that answers at once has sent all of its answer, and it has come. */
export const ANSWERED_MS = 150

/** What an answer owes while its far end says nothing, and when it is cut. */
export function streamedCases<Provider extends Closes, Piece>(
  suite: Suite<Provider, StreamPromise>,
  { createStalled, createCut }: Streaming<Provider>,
  probe: StreamedProbe<Provider, Piece>,
): ContractCase[] {
  const bench = { suite, probe, ...streamedSuite(suite, probe) }
  return [
    ...(createStalled === undefined ? [] : stalledCases(bench, createStalled)),
    ...(createCut === undefined
      ? []
      : [
          bench.alone('cut', 'an answer that is cut in the middle is told as a fault', () =>
            bench.use(createCut, (provider) => tellsTheCut(bench, provider)),
          ),
        ]),
  ]
}

/** The suite for one way to ask. */
function streamedSuite<Provider extends Closes, Piece>(
  suite: Suite<Provider, StreamPromise>,
  { prefix = '', isOf = () => true }: StreamedProbe<Provider, Piece>,
): Pick<Suite<Provider, StreamPromise>, 'alone' | 'use'> {
  return {
    alone: (proves, name, body) => suite.alone(proves, prefix + name, body),
    use: (make, body) => suite.use(make, async (provider) => (isOf(provider) ? body(provider) : undefined)),
  }
}

interface Bench<Provider extends Closes, Piece> extends Pick<
  Suite<Provider, StreamPromise>,
  'alone' | 'use'
> {
  readonly suite: Suite<Provider, StreamPromise>
  readonly probe: StreamedProbe<Provider, Piece>
}

function stalledCases<Provider extends Closes, Piece>(
  bench: Bench<Provider, Piece>,
  stalled: NonNullable<Streaming<Provider>['createStalled']>,
): ContractCase[] {
  const { suite, alone, use } = bench
  const midway = (context: PluginContext) => stalled(context, 'midway')
  return [
    alone('stalled', 'an abort needs no answer of the far end', () =>
      leavesNothingOpen(suite.settleMs, 'requests to a silent far end were aborted', async () => {
        for (const place of ['at-once', 'midway'] as const) {
          await use(
            (context) => stalled(context, place),
            (provider) => abortsStalled(bench, provider, place),
          )
        }
      }),
    ),
    alone('stalled', 'a reader may leave, and close settles, while the far end is silent', () =>
      use(midway, (provider) => leavesAndCloses(bench, provider)),
    ),
    alone('streams', 'what the far end has sent is given on before its answer has ended', () =>
      use(midway, (provider) => givesOnWhatWasSent(bench, provider)),
    ),
  ]
}

/** Up to the first piece that the far end sent. */
async function first<Provider extends Closes, Piece>(
  { suite, probe }: Bench<Provider, Piece>,
  iterator: AsyncIterator<Piece>,
): Promise<Uint8Array> {
  for (;;) {
    const next = await within(iterator.next(), suite.stepMs, 'a first piece before the far end has ended')
    if (next.done === true) return fail('expected a first piece; the answer ended without one')
    const bytes = probe.bytesOf(next.value)
    if (bytes.byteLength > 0) return bytes
  }
}

async function abortsStalled<Provider extends Closes, Piece>(
  bench: Bench<Provider, Piece>,
  provider: Provider,
  place: StallPlace,
): Promise<void> {
  const abort = new AbortController()
  const iterator = bench.probe.start(provider, abort.signal)
  if (place === 'midway') await first(bench, iterator)
  let pending = settled(iterator.next())
  await sleep(UNDER_WAY_MS)
  abort.abort()
  // What was on its way may still come.
  for (let ended = false; !ended; pending = settled(iterator.next())) {
    const what = `the iteration to end after an abort (${place})`
    const { value, error } = await within(pending, bench.suite.promptMs, what)
    expectQuietEnd(error, 'the iteration to throw')
    ended = value === undefined || value.done === true
  }
}

async function leavesAndCloses<Provider extends Closes, Piece>(
  bench: Bench<Provider, Piece>,
  provider: Provider,
): Promise<void> {
  const { stepMs, promptMs } = bench.suite
  const left = bench.probe.start(provider, new AbortController().signal)
  await first(bench, left)
  await within(Promise.resolve(left.return?.()), promptMs, 'the iteration to end when left')
  const waiting = bench.probe.start(provider, new AbortController().signal)
  await first(bench, waiting)
  const rest = settled(drain(waiting))
  await within(provider.close(), stepMs, 'provider.close to resolve while the far end is silent')
  await within(rest, promptMs, 'the iteration to end after provider.close')
}

async function givesOnWhatWasSent<Provider extends Closes, Piece>(
  bench: Bench<Provider, Piece>,
  provider: Provider,
): Promise<void> {
  const { probe, suite } = bench
  const abort = new AbortController()
  const iterator = probe.start(provider, abort.signal)
  const got = [Buffer.from(await first(bench, iterator))]
  const length = () => {
    const all = Buffer.concat(got)
    return (probe.bare?.(all) ?? all).byteLength
  }
  const reading = (async () => {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
      got.push(Buffer.from(probe.bytesOf(next.value)))
  })().catch(() => undefined)
  const sent = await probe.sent?.()
  if (sent !== undefined) {
    const told = () => `all ${sent.byteLength} bytes that the far end has sent, not ${length()},`
    await until(() => length() >= sent.byteLength, suite.stepMs, told)
  }
  abort.abort()
  await within(reading, suite.promptMs, 'the iteration to end after an abort')
}

async function tellsTheCut<Provider extends Closes, Piece>(
  bench: Bench<Provider, Piece>,
  provider: Provider,
): Promise<void> {
  const iterator = bench.probe.start(provider, new AbortController().signal)
  await first(bench, iterator)
  const rest = settled(drain(iterator))
  const { error } = await within(rest, bench.suite.stepMs, 'the iteration to end when the connection breaks')
  expect(error !== undefined, 'a throw when the answer is cut', 'it ended as if it were whole')
  expectFault(error, 'what is cut to throw')
}
