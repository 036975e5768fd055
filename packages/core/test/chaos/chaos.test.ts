import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createCallHost, createCallRig, type CallRigOptions } from '../../src/testing/call-rig.ts'
import { createCrossings, type Fault } from './crossings.ts'
import { GIVEN, THROWN } from './odd-values.ts'

type Rig = ReturnType<typeof createCallRig>

const rejections: unknown[] = []
const note = (reason: unknown): void => void rejections.push(reason)
process.on('unhandledRejection', note)
process.on('uncaughtException', note)
afterEach(() => void (rejections.length = 0))

const HEARD = 'what time is it'
const TOOL = { id: '1', name: 'keep_note', arguments: '{"note":"half past two"}' }
const CHAIN: CallRigOptions = {
  llm: { replies: [{ text: 'Let me look.', toolCalls: [TOOL] }, 'It is half past two.'] },
}
const SPEECH_TO_SPEECH: CallRigOptions = { realtime: {} }

/** Two callers ask, are answered, and speak again; the second one's plugins do what `decide` says. Both hang up. */
async function play(options: CallRigOptions, decide: (place: string, nth: number) => Fault | undefined) {
  const host = createCallHost()
  const good = createCallRig({ ...CHAIN, call: { id: 'good' } }, host)
  const bad = createCallRig({ ...options, call: { id: 'bad', transferable: true } }, host)
  const crossings = createCrossings(decide)
  crossings.guard(bad.stt.provider, 'stt')
  crossings.guard(bad.llm.provider, 'llm')
  crossings.guard(bad.tts.provider, 'tts')
  crossings.guard(bad.far.call, 'line')
  if (bad.realtime) crossings.guard(bad.realtime.provider, 'realtime')
  good.start()
  const session = bad.start()
  let over = false
  void session.done.then(() => (over = true))
  for (let ms = 0; ms < 5000; ms += 20) {
    const voiced = (ms >= 1300 && ms < 1900) || (ms >= 3400 && ms < 3900)
    good.media(voiced)
    bad.media(voiced)
    if (ms === 1900) for (const rig of [good, bad]) say(rig)
    if (ms === 3900) say(bad)
    await host.time.advance(20)
  }
  bad.far.hangUp()
  await good.end()
  await host.time.advance(60_000)
  await new Promise((resolve) => setImmediate(resolve))
  return {
    counts: crossings.counts,
    over,
    pending: host.time.pending(),
    log: bad.log.entries.filter(({ level }) => level === 'warn' || level === 'error'),
    neighbour: {
      events: good.events,
      sent: good.far.sent.map((sent) => (sent.kind === 'frame' ? `${sent.atMs} ${sent.bytes.length}` : sent)),
    },
  }
}

function show(v: unknown): string {
  try {
    return String((v as Error)?.stack ?? v).slice(0, 500)
  } catch {
    return 'unreadable'
  }
}

function say(rig: Rig): void {
  rig.stt.sessions.at(-1)?.emit({ type: 'final', text: HEARD })
  rig.realtime?.sessions.at(-1)?.hears?.(HEARD)
}

describe.each([
  ['a chain', CHAIN],
  ['speech to speech', SPEECH_TO_SPEECH],
])('chaos in %s', (_what, options) => {
  let quiet: Awaited<ReturnType<typeof play>>
  beforeAll(async () => {
    quiet = await play(options, () => undefined)
  })

  it('prints', async () => {
    console.log(
      [...quiet.counts].map(([k, v]) => `${k} ${v}`).join('\n'),
      quiet.over,
      quiet.pending,
      quiet.log.length,
    )
    const t = performance.now()
    const bad: string[] = []
    let i = 0
    for (const [place, count] of quiet.counts) {
      for (const nth of new Set([1, 2, count])) {
        if (nth > count) continue
        const faults: [string, Fault][] = [
          ...THROWN.slice(0, 3).flatMap(([name, make]): [string, Fault][] => [
            [`throws ${name}`, { way: 'throws', value: make() }],
            [`rejects ${name}`, { way: 'rejects', value: make() }],
          ]),
          ['hangs', { way: 'hangs' }],
          ...GIVEN.map(([name, make]): [string, Fault] => [`gives ${name}`, { way: 'gives', value: make() }]),
        ]
        for (const [name, fault] of faults) {
          i++
          const what = `${place} #${nth} ${name}`
          rejections.length = 0
          let out
          try {
            out = await play(options, (p, n) => (p === place && n === nth ? fault : undefined))
          } catch (e) {
            bad.push(`${what}: PLAY THREW ${show(e)}`)
            continue
          }
          if (rejections.length) bad.push(`${what}: UNHANDLED ${rejections.length} ${show(rejections[0])}`)
          if (!out.over) bad.push(`${what}: NOT OVER`)
          if (out.pending) bad.push(`${what}: PENDING ${out.pending}`)
          if (JSON.stringify(out.neighbour) !== JSON.stringify(quiet.neighbour))
            bad.push(`${what}: NEIGHBOUR`)
          if (out.log.length === 0 && fault.way !== 'hangs' && fault.way !== 'gives')
            bad.push(`${what}: SILENT`)
          if (out.log.length > 30) bad.push(`${what}: LOUD ${out.log.length}`)
        }
      }
    }
    console.log(i, 'runs', performance.now() - t)
    ;(await import('node:fs')).writeFileSync(
      `/tmp/chaos-${_what.replaceAll(' ', '-')}.txt`,
      bad.join('\n') + '\n',
    )
  }, 900_000)
})
