// From a played scenario to its panel, and to a sentence about what went wrong.

import { createSampleDecoder } from '../../../packages/core/dist/host.js'
import { PANEL_WINDOWS, scorePanel } from '../../../packages/core/dist/panel/index.js'
import { rmsOf, toLinear } from '../sound/level.mjs'

const CELL_MS = 10
const CELL_SAMPLES = 80
/** The agent speaks at -20 dB: what is this quiet is a hole in its voice, and what is ducked is none. */
const AUDIBLE_DB = -50
/** Below this it has given way: 10 dB under its own level. */
const LOUD_DB = -30
/** An answer is late for the list of failures from here on: the target's p95. */
const LATE_MS = 520
const SLOW_YIELD_MS = 450

/** `[{ startMs, endMs }]`: where the agent is as loud as `db`, to 10 ms; by default where it can be heard. */
export function voiceOf(channel, db = AUDIBLE_DB) {
  const samples = createSampleDecoder({ encoding: 'mulaw', sampleRateHz: 8000 }).decode(channel)
  const threshold = 32768 * toLinear(db)
  const intervals = []
  for (let at = 0, startMs = 0; at + CELL_SAMPLES <= samples.length; at += CELL_SAMPLES, startMs += CELL_MS) {
    if (rmsOf(samples, at, at + CELL_SAMPLES) < threshold) continue
    const last = intervals.at(-1)
    if (last?.endMs === startMs) last.endMs += CELL_MS
    else intervals.push({ startMs, endMs: startMs + CELL_MS })
  }
  return intervals
}

/** `{ scenario, panel, givenWay: panel, echo?: broke, problems: [text], events }`. */
export function judge({ scenario, caller, agent, durationMs, gaveUp, events }) {
  const voices = voiceOf(agent)
  const panel = scorePanel({ caller, agent: voices, durationMs })
  // The same of its voice at its own level: when it gave way to the caller, whether it then fell silent or not.
  const givenWay = scorePanel({ caller, agent: voiceOf(agent, LOUD_DB), durationMs })
  const echoBroke = scenario.echo ? isBroken(voices, caller, durationMs) : undefined
  const problems = [
    ...problemsOf(panel, scenario),
    ...(gaveUp ? ['the agent never spoke'] : []),
    ...(echoBroke ? ['its own echo broke the reply'] : []),
  ]
  return { scenario, caller, voices: joined(voices), panel, givenWay, echoBroke, problems, events }
}

/** As the panel joins them: a shorter hole is none. */
function joined(intervals) {
  const whole = []
  for (const one of intervals) {
    const last = whole.at(-1)
    if (last && one.startMs - last.endMs < PANEL_WINDOWS.tickMs) last.endMs = one.endMs
    else whole.push({ ...one })
  }
  return whole
}

/** The reply to the first turn is not heard in one piece to the end of the scenario. */
function isBroken(voices, caller, durationMs) {
  const reply = joined(voices).filter(({ endMs }) => endMs > caller[0].endMs)
  return reply.length !== 1 || durationMs - reply[0].endMs > 200
}

function problemsOf(panel, { category }) {
  const { response, responseLatency, agentInterruptions, selectivity, timeToYield } = panel
  const missed = ({ count, n }) => count < n
  const late = responseLatency.valuesMs.filter((ms) => ms > LATE_MS)
  const slow = timeToYield.valuesMs.filter((ms) => ms > SLOW_YIELD_MS)
  return [
    ...(missed(response) ? ['no answer'] : []),
    ...(agentInterruptions.count > 0 ? [`agent began inside a turn, ${agentInterruptions.count} times`] : []),
    ...(late.length > 0 && category !== 'pause' ? [`answer after ${late.join(', ')} ms`] : []),
    ...(missed(panel.yield) ? ['did not yield'] : []),
    ...(slow.length > 0 ? [`yielded after ${slow.join(', ')} ms`] : []),
    ...(missed(selectivity.backchannel) ? ['stopped for a backchannel'] : []),
    ...(missed(selectivity.vocalTic) ? ['stopped for a vocal tic'] : []),
    ...(missed(selectivity.notToAgent) ? ['stopped for speech to others'] : []),
  ]
}
