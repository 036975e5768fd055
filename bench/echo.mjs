// The agent's own echo: whether it stops replies, whether callers are heard over it, what knowing it costs.
//
//   node bench/echo.mjs [--quick] [--off] [--only 'no echo'] [--list]
//
// --off   the same callers with `barge_in.echo: off`
// --only  groups, by how they begin
// --list  what happened in the calls that went wrong
//
// Whole calls on a fake clock, as in turn-taking.mjs, over lines that are worse than those there.

import { encodeMulaw } from '../packages/core/dist/index.js'
import { createEchoEar } from '../packages/core/dist/pipeline/hearing/echo/echo-ear.js'
import { echoScenarios } from './echo/scenarios.mjs'
import { runDirectly } from './lib/options.mjs'
import { table, verdict } from './lib/report.mjs'
import { loadEquipment } from './turn-taking/equipment.mjs'
import { playAll } from './turn-taking/call/play.mjs'
import { failureLines } from './turn-taking/score/failures.mjs'
import { judge } from './turn-taking/score/judge.mjs'

const FRAME = 160
const MINUTE_FRAMES = 3000

export async function measureEcho({ quick = false, off = false, only, list = false } = {}) {
  const equipment = await loadEquipment({ log: console.error })
  const scenarios = echoScenarios(quick ? 1 : 6).filter(
    ({ group }) => only === undefined || group.startsWith(only),
  )
  const settings = off ? { conversation: { barge_in: { echo: 'off' } } } : {}
  const judged = (await playAll(scenarios, { ...equipment, settings })).map(judge)
  const groups = Map.groupBy?.(judged, ({ scenario }) => scenario.group) ?? grouped(judged)
  if (list) console.log(failureLines(judged).join('\n'))
  const costs = costOf(equipment.sounds)
  const echoes = judged.filter(({ scenario }) => scenario.group.startsWith('echo:'))
  const callers = judged.filter(({ scenario }) => scenario.group.startsWith('no echo'))
  return {
    name: 'echo',
    title: `The agent’s own echo, ${judged.length} calls${off ? ', not looked for' : ''}`,
    lines: [
      ...table(
        [
          'line',
          'calls',
          'echo found',
          'reply broken',
          'yielded',
          'softer p50 / p95, ms',
          'silent p50 / p95, ms',
        ],
        [...groups].map(([group, calls]) => rowOf(group, calls)),
      ),
      '',
      ...costs.map(({ what, ms }) => `CPU of one call, ${what}: ${ms.toFixed(3)} ms a second.`),
    ],
    targets: [
      target('replies broken by echo', 'at most 1 %', share(echoes, broke), 0.01),
      target('an echo found where there is none', 'none', share(callers, hasEcho), 0),
      {
        target: 'CPU without an echo',
        wanted: 'at most 0.2 ms a second',
        measured: `${costs[0].ms.toFixed(3)} ms`,
        verdict: verdict(costs[0].ms <= 0.2),
      },
    ],
  }
}

function grouped(judged) {
  const groups = new Map()
  for (const one of judged) {
    const { group } = one.scenario
    groups.set(group, [...(groups.get(group) ?? []), one])
  }
  return groups
}

const broke = ({ echoBroke }) => echoBroke === true
const hasEcho = ({ events }) => events.some(({ event }) => event === 'echo_found')

function rowOf(group, calls) {
  const isEcho = group.startsWith('echo:')
  const speaks = calls.filter(({ panel }) => panel.yield.n > 0)
  const times = (of) => speaks.flatMap((one) => one[of].timeToYield.valuesMs)
  return [
    group,
    calls.length,
    percent(share(calls, hasEcho)),
    isEcho ? percent(share(calls, broke)) : '',
    speaks.length === 0 ? '' : percent(share(speaks, ({ panel }) => panel.yield.count === panel.yield.n)),
    quantiles(times('givenWay')),
    quantiles(times('panel')),
  ]
}

function target(name, wanted, measured, limit) {
  return { target: name, wanted, measured: percent(measured), verdict: verdict(measured <= limit) }
}

const share = (calls, is) => calls.filter(is).length / Math.max(1, calls.length)
const percent = (value) => `${(value * 100).toFixed(1)} %`

function quantiles(values) {
  if (values.length === 0) return ''
  const sorted = [...values].sort((a, b) => a - b)
  return [0.5, 0.95].map((at) => sorted[Math.ceil(at * sorted.length) - 1]).join(' / ')
}

/** A minute of a call: the agent speaks half of it, and the caller over it for 2 s; or its echo comes back for all. */
function costOf({ callers, others }) {
  const agent = framesOf(callers.stretch(30_000, 1, -20))
  const caller = framesOf(others.stretch(30_000, 2, -22))
  const silence = new Uint8Array(FRAME).fill(0xff)
  const soft = framesOf(callers.stretch(30_000, 1, -38))
  const isAgents = (n) => n % 1000 < 500
  const noEcho = (n) => (isAgents(n) ? (n % 1000 < 34 ? caller[n % 1500] : silence) : caller[n % 1500])
  const withEcho = (n) => (isAgents(n - 15) ? soft[(n - 15) % 1500] : silence)
  return [
    { what: 'no echo', line: noEcho },
    { what: 'an echo whenever the agent speaks', line: withEcho },
  ].map(({ what, line }) => {
    const rounds = Array.from({ length: 9 }, () => {
      const ear = createEchoEar({ encoding: 'mulaw', sampleRateHz: 8000 }, () => {})
      const sound = (n) => (isAgents(n) ? agent[n % 1500] : undefined)
      return minute(ear, sound, line, silence)
    })
    return { what, ms: rounds.sort((a, b) => a - b)[4] }
  })
}

/** Milliseconds of CPU a second. */
function minute(ear, sound, line, silence) {
  let judgedMs = 0
  const startedMs = performance.now()
  for (let n = 0; n < MINUTE_FRAMES; n++) {
    const nowMs = 1000 + n * 20
    const sent = sound(n)
    if (sent) ear.onAgentFrame(sent, nowMs + 100)
    const heard = n >= 15 ? line(n) : silence
    ear.onCallerAudio(heard, nowMs + 20)
    for (; judgedMs + 32 <= (n + 1) * 20; judgedMs += 32) ear.judge(judgedMs + 32, 32, heard !== silence)
  }
  return (performance.now() - startedMs) / 60
}

function framesOf(samples) {
  const bytes = encodeMulaw(Int16Array.from(samples, (sample) => Math.max(-32768, Math.min(32767, sample))))
  return Array.from({ length: 1500 }, (_, n) =>
    bytes.subarray((n * FRAME) % (bytes.length - FRAME)).subarray(0, FRAME),
  )
}

await runDirectly(import.meta.url, measureEcho, {
  off: { type: 'boolean', default: false },
  only: { type: 'string' },
  list: { type: 'boolean', default: false },
})
