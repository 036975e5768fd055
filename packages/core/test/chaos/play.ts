import type { CallEvent } from '../../src/host.ts'
import { createCallHost, createCallRig, type CallRigOptions } from '../../src/testing/call-rig.ts'
import { createCrossings, type Decide } from './crossings.ts'

type Rig = ReturnType<typeof createCallRig>

const HEARD = 'what time is it'
const TOOL = { id: '1', name: 'keep_note', arguments: '{"note":"half past two"}' }

export const CHAIN: CallRigOptions = {
  llm: { replies: [{ text: 'Let me look.', toolCalls: [TOOL] }, 'It is half past two.'] },
}
export const SPEECH_TO_SPEECH: CallRigOptions = { realtime: {} }

/** What can be seen of two calls when both are over. */
export interface Played {
  /** How often each place was crossed. */
  readonly counts: ReadonlyMap<string, number>
  /** The call whose plugins were at fault has ended. */
  readonly over: boolean
  /** Timers that are left. */
  readonly timers: number
  /** Warnings and errors in its log. */
  readonly told: readonly { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[]
  /** All that the caller beside it could notice, to the byte and the millisecond. */
  readonly neighbour: string
  readonly events: readonly CallEvent[]
}

/** Two callers ask, are answered and speak again; the plugins of the second do what `decide` says. Both hang up. */
export async function play(options: CallRigOptions, decide: Decide): Promise<Played> {
  const host = createCallHost()
  const good = createCallRig({ ...CHAIN, call: { id: 'good' } }, host)
  const bad = createCallRig({ ...options, call: { id: 'bad' } }, host)
  const crossings = createCrossings(decide)
  const { stt, llm, tts, far, realtime } = bad
  crossings.guard(far.call, 'line')
  for (const [name, { provider }] of Object.entries(realtime ? { realtime } : { stt, llm, tts })) {
    crossings.guard(provider, name)
  }
  good.start()
  let over = false
  void bad.start().done.then(() => (over = true))
  for (let ms = 0; ms < 5000; ms += 20) {
    const voiced = (ms >= 1300 && ms < 1900) || (ms >= 3400 && ms < 3900)
    good.media(voiced)
    bad.media(voiced)
    if (ms === 1900) for (const rig of [good, bad]) ask(rig)
    if (ms === 3900) ask(bad)
    await host.time.advance(20)
  }
  far.hangUp()
  await good.end()
  // Longer than anything may take to close.
  await host.time.advance(60_000)
  await new Promise((resolve) => setImmediate(resolve))
  return {
    counts: crossings.counts,
    over,
    timers: host.time.pending(),
    told: bad.log.entries.filter(({ level }) => level === 'warn' || level === 'error'),
    neighbour: noticed(good),
    events: bad.events,
  }
}

function ask(rig: Rig): void {
  rig.stt.sessions.at(-1)?.emit({ type: 'final', text: HEARD })
}

function noticed(rig: Rig): string {
  const sent = rig.far.sent.map((one) =>
    one.kind === 'frame' ? `${one.atMs} ${Buffer.from(one.bytes).toString('base64')}` : one,
  )
  return JSON.stringify([sent, rig.events])
}
