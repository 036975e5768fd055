// The caller: speaks one step after the other, when its moment has come, and remembers when that was.

import { speak } from './utterance.mjs'
import { FRAME_SAMPLES, SAMPLES_PER_MS } from '../sound/level.mjs'

/** A caller who waits this long for the agent gives up. */
const PATIENCE_MS = 8000

/**
 * `frame(nowMs, agentHeldMs)` gives the sound of the next 20 ms, or `undefined` once the scenario is over; `onSpeaks`
 * is told of each step when it begins. `events` is the truth.
 */
export function createCaller(scenario, sounds, onSpeaks) {
  const steps = scenario.steps.map((step) => ({ ...step, utterance: speak(scenario, step, sounds) }))
  const events = []
  let next = 0
  let current
  let overMs
  let agentBeganMs
  let agentEndedMs
  let waitsSinceMs = 0

  function watchAgent(nowMs, heldMs) {
    if (heldMs > 0) {
      agentBeganMs ??= nowMs
      agentEndedMs = undefined
    } else if (agentBeganMs !== undefined) agentEndedMs ??= nowMs
  }

  function isDue(step, nowMs) {
    if (step.after === 'agent') return agentEndedMs !== undefined && nowMs >= agentEndedMs + step.gapMs
    return agentBeganMs !== undefined && nowMs >= agentBeganMs + step.offsetMs
  }

  function begin(step, nowMs) {
    current = { step, startMs: nowMs }
    if (step.kind !== 'none') {
      events.push({ kind: step.kind, startMs: nowMs, endMs: nowMs + step.utterance.endMs })
    }
    onSpeaks(step, nowMs)
  }

  return {
    events,
    /** Makes a sound. */
    get speaks() {
      return current !== undefined && current.step.kind !== 'none'
    },
    /** Steps that have begun. */
    get begun() {
      return next
    },
    gaveUp: false,
    frame(nowMs, heldMs) {
      watchAgent(nowMs, heldMs)
      if (!current && next < steps.length) {
        if (isDue(steps[next], nowMs)) begin(steps[next++], nowMs)
        else if (nowMs - waitsSinceMs > PATIENCE_MS) {
          this.gaveUp = true
          return undefined
        }
      }
      if (!current && next === steps.length && nowMs >= overMs + scenario.tailMs) return undefined
      const frame = new Float32Array(FRAME_SAMPLES)
      if (!current) return frame
      const { utterance } = current.step
      const from = (nowMs - current.startMs) * SAMPLES_PER_MS
      frame.set(utterance.samples.subarray(from, from + FRAME_SAMPLES))
      if (from + FRAME_SAMPLES >= utterance.samples.length) {
        overMs = waitsSinceMs = current.startMs + utterance.samples.length / SAMPLES_PER_MS
        // What the agent says from here on is another reply.
        agentBeganMs = agentEndedMs = undefined
        current = undefined
      }
      return frame
    },
  }
}
