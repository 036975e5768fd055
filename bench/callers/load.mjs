// The callers: any number of calls in groups, in a process of their own, all on one pacer and one clock, so that
// what is measured of one group and of another at the same time can be compared.

import { createClip, createPacer, distribution, placeCall, systemClock } from '@kav/phone'
import { processCpuNs } from '../lib/cpu-time.mjs'
import { numberedAudio } from '../lib/frame-numbers.mjs'
import { serveCommands } from '../lib/server-commands.mjs'

const DIALS_AT_ONCE = 20
const TICK_MS = 5

const pacer = createPacer(systemClock)
const groups = new Map()
let underruns = []
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const all = () => [...groups.values()].flat()

async function dial({ group, count, target, numberedFrames }) {
  const calls = groups.get(group) ?? []
  groups.set(group, calls)
  const clip = numberedFrames && createClip('numbers', numberedAudio(numberedFrames))
  let dialled = 0
  async function dialSome() {
    while (dialled++ < count) {
      const call = await placeCall({ record: false, ...target, pacer, onEvent })
      if (clip) void call.say(clip)
      calls.push(call)
    }
  }
  await Promise.all(Array.from({ length: Math.min(count, DIALS_AT_ONCE) }, dialSome))
}

function onEvent(event) {
  if (event.type === 'underrun') underruns.push({ gapMs: event.gapMs, ownLagMs: event.ownLagMs })
}

/** How late the pacer's ticks are from now on. */
function watchLag() {
  const grid = pacer.claimSlot()
  pacer.releaseSlot(grid)
  const after = (nowMs) => grid + (Math.floor((nowMs - grid) / TICK_MS + 1e-6) + 1) * TICK_MS
  const lags = []
  const watcher = {
    dueMs: after(systemClock.nowMs()),
    onDue(nowMs) {
      lags.push(nowMs - watcher.dueMs)
      watcher.dueMs = after(nowMs)
    },
  }
  pacer.join(watcher)
  return () => {
    pacer.leave(watcher)
    return distribution(lags)
  }
}

/** Measures all groups over one window; `pid` is the server whose CPU time counts. */
async function measure({ ms, pid }) {
  for (const call of all()) call.timing.reset()
  const lag = watchLag()
  const own = process.cpuUsage()
  const cpuBefore = processCpuNs(pid)
  const startMs = performance.now()
  await wait(ms)
  const cpuAfter = processCpuNs(pid)
  const windowMs = performance.now() - startMs
  const { user, system } = process.cpuUsage(own)
  const sendLagMs = lag()
  const serverCpuMs = cpuBefore === undefined ? undefined : (cpuAfter - cpuBefore) / 1e6
  const byGroup = {}
  for (const [name, calls] of groups) byGroup[name] = summary(calls)
  return { windowMs, serverCpuMs, ownCpuMs: (user + system) / 1000, sendLagMs, groups: byGroup }
}

function summary(calls) {
  const timings = calls.map((call) => call.timing.summary())
  return {
    calls: calls.length,
    ended: calls.filter((call) => call.ended).length,
    frames: timings.reduce((sum, timing) => sum + timing.frames, 0),
    fps: timings.map((timing) => timing.fps),
    driftMs: timings.map((timing) => timing.driftMs),
    latenessMs: distribution(calls.flatMap((call) => [...call.timing.lateness()])),
  }
}

serveCommands({
  dial,
  measure,
  takeUnderruns: () => underruns.splice(0),
  async hangUp() {
    for (const call of all()) call.hangUp()
    const results = await Promise.all(all().map((call) => call.finished))
    groups.clear()
    underruns = []
    const violations = results.flatMap((result) => result.violations.map(({ text }) => text))
    return { sentFrames: results.map((result) => result.sent.frames), violations: [...new Set(violations)] }
  },
})
process.send({ id: 0 })
