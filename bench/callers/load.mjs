// The callers: any number of calls in groups, in a process of their own, all on one wheel and one clock, so that what
// is measured of one group and of another at the same time can be compared. They must cost less than the server; how
// busy they were stands in every answer.

import { randomBytes } from 'node:crypto'
import { distribution } from '@kav/phone'
import { processCpu } from '../lib/cpu-time.mjs'
import { numberedAudio } from '../lib/frame-numbers.mjs'
import { serveCommands } from '../lib/server-commands.mjs'
import { createCarrierCall } from './carrier-call.mjs'
import { findStream } from './find-stream.mjs'
import { createPopulation } from './population.mjs'
import { openStreamSocket } from './stream-socket.mjs'
import { createWheel } from './wheel.mjs'

const DIALS_AT_ONCE = 20
const CLOSE_LIMIT_MS = 2000
const FRAME_BYTES = 160
/** A gap that this process was itself late by is its own, not the server's. */
const OWN_MARGIN_MS = 1

/** A quiet line: mu-law codes of the four smallest amplitudes. */
const silence = Buffer.from(randomBytes(FRAME_BYTES).map((byte) => 0x7c | (byte & 0x83))).toString('base64')
const groups = new Map()
const waitingMarks = new Set()
let underruns = []
let population
/** What was so when the window began. */
let opened

const wheel = createWheel(sendMarksBack)
const all = () => [...groups.values()].flat()
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const sid = (prefix) => prefix + randomBytes(16).toString('hex')

function sendMarksBack(nowMs) {
  for (const call of waitingMarks) {
    call.advance(nowMs)
    if (call.marksHeld === 0 || call.ended) waitingMarks.delete(call)
  }
}

/** Adds `count` calls to a group; `target` is `{ webhookUrl }` or `{ streamUrl }`. */
async function dial({ group, count, target, numberedFrames }) {
  const calls = groups.get(group) ?? []
  groups.set(group, calls)
  const clip = numberedFrames && numberedAudio(numberedFrames)
  let dialled = 0
  async function dialSome() {
    while (dialled++ < count) calls.push(await placeCall(group, target, clip))
  }
  await Promise.all(Array.from({ length: Math.min(count, DIALS_AT_ONCE) }, dialSome))
}

/**
 * A constant population as a group of its own, `{ count, leastMs, mostMs, seed }` as in `createPopulation`: answers
 * once all of it is up.
 */
async function populate({ group, target, ...options }) {
  const calls = []
  groups.set(group, calls)
  population = createPopulation({
    ...options,
    async place(onCut) {
      const call = await placeCall(group, target, undefined, onCut)
      calls.push(call)
      return call
    },
  })
  await population.up
}

async function placeCall(group, target, clip, onCut = () => undefined) {
  const identity = { accountSid: sid('AC'), callSid: sid('CA'), streamSid: sid('MZ') }
  const found = target.webhookUrl
    ? await findStream(target, identity)
    : { url: target.streamUrl, parameters: {} }
  const wire = await openStreamSocket(found.url, found)
  const call = createCarrierCall({
    wire,
    wheel,
    identity,
    parameters: found.parameters,
    silence,
    clip,
    onMarkHeld: (held) => void waitingMarks.add(held),
    onCut,
    onUnderrun(gapMs) {
      if (gapMs > wheel.overdueMs() + OWN_MARGIN_MS) underruns.push({ group, gapMs })
    },
  })
  wire.onText = call.onText
  wire.onClose = call.onClose
  wheel.join(call)
  return call
}

/** Measures all groups over one window; `pid` is the server whose CPU time counts. */
async function measure({ ms, pid }) {
  openWindow({ pid })
  await wait(ms)
  return closeWindow()
}

function openWindow({ pid }) {
  // Of a population, those that ended have been told.
  for (const calls of population === undefined ? [] : groups.values()) {
    calls.splice(0, calls.length, ...calls.filter((call) => !call.ended))
  }
  for (const call of all()) {
    call.timing.reset()
    call.receivedBytes = 0
  }
  wheel.resetLag()
  underruns = []
  opened = {
    pid,
    own: processCpu(process.pid),
    server: processCpu(pid),
    startMs: performance.now(),
    tally: population?.tally(),
  }
}

/** What happened since `openWindow`. */
function closeWindow() {
  const server = processCpu(opened.pid)
  const own = processCpu(process.pid)
  const windowMs = performance.now() - opened.startMs
  const lag = wheel.lag()
  const tally = population?.since(opened.tally)
  const byGroup = {}
  for (const [name, calls] of groups) byGroup[name] = summary(name, calls, windowMs)
  return {
    windowMs,
    server: between(opened.server, server),
    callers: { ...between(opened.own, own), loopLagMs: lag.loop, sendLagMs: lag.send },
    groups: byGroup,
    ...(tally && { population: tally }),
  }
}

/** On-CPU ms of a window, or undefined where `/proc` cannot tell. */
function between(before, after) {
  if (before === undefined || after === undefined) return undefined
  return {
    cpuMs: after.cpuMs - before.cpuMs,
    userMs: after.userMs - before.userMs,
    systemMs: after.systemMs - before.systemMs,
  }
}

function summary(group, calls, windowMs) {
  const timings = calls.map((call) => call.timing.summary())
  /** Audio that came, in frames of 20 ms a second of the window: silence between utterances lowers it. */
  const heardFps = calls.map((call) => call.receivedBytes / FRAME_BYTES / (windowMs / 1000))
  const gaps = underruns.filter((underrun) => underrun.group === group)
  return {
    calls: calls.length,
    ended: calls.filter((call) => call.ended).length,
    silent: timings.filter((timing) => timing.frames === 0).length,
    frames: timings.reduce((sum, timing) => sum + timing.frames, 0),
    /** Within utterances. A server too slow for one of a second has the rate of what came at all. */
    fps: timings.map((timing, index) => (timing.fps === 0 ? heardFps[index] : timing.fps)),
    heardFps,
    driftMs: timings.map((timing) => timing.driftMs),
    firstAudioMs: calls.flatMap((call) => call.firstAudioMs ?? []),
    latenessMs: distribution(calls.flatMap((call) => [...call.timing.lateness()])),
    worstCallP99Ms: Math.max(0, ...timings.map((timing) => timing.latenessMs.p99)),
    underruns: gaps.length,
    silenceMs: gaps.reduce((sum, { gapMs }) => sum + gapMs, 0),
  }
}

serveCommands({
  dial,
  populate,
  measure,
  openWindow,
  closeWindow,
  /** No call sends from now on; what each group has sent so far. */
  goQuiet() {
    for (const call of all()) call.stopSending()
    const sent = {}
    for (const [name, calls] of groups) sent[name] = calls.reduce((sum, call) => sum + call.sentFrames, 0)
    return { sentFrames: sent }
  },
  /** Ends all calls. Tells what in the server's messages no carrier would take; the reference pacer is not asked. */
  async hangUp() {
    population?.stop()
    const calls = all()
    const judged = groups.get('calls') ?? []
    for (const call of calls) call.hangUp()
    const untilMs = performance.now() + CLOSE_LIMIT_MS
    while (calls.some((call) => !call.closed) && performance.now() < untilMs) await wait(20)
    for (const call of calls) call.drop()
    groups.clear()
    underruns = []
    return { violations: [...new Set(judged.flatMap((call) => [...call.violations]))] }
  },
})
process.send({ id: 0 })
