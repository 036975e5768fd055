// What went wrong in which scenario: one line each, and under it who did what when.

const TOLD = new Set([
  'partial',
  'final',
  'turn_ended',
  'reply_started',
  'paused',
  'resumed',
  'interrupted',
  'noise',
])

export function failureLines(judged) {
  const failed = judged.filter(({ problems }) => problems.length > 0)
  return [
    `${failed.length} of ${judged.length} scenarios:`,
    ...failed.flatMap((one) => [`- ${one.scenario.id}: ${one.problems.join('; ')}`, `    ${timeline(one)}`]),
  ]
}

/** Times in ms from the beginning of the caller's last event. */
function timeline({ caller, voices, events, scenario }) {
  const { startMs: zeroMs } = caller.at(-1) ?? { startMs: 0 }
  const at = (ms) => Math.round(ms - zeroMs)
  const told = [
    ...caller.map(({ kind, startMs, endMs }) => [startMs, `CALLER ${kind} to ${at(endMs)}`]),
    ...voices.map(({ startMs, endMs }) => [startMs, `AGENT to ${at(endMs)}`]),
    ...events.filter(({ event }) => TOLD.has(event)).map((event) => [event.atMs, textOf(event)]),
  ]
  const lines = told.sort(([a], [b]) => a - b).map(([ms, text]) => `${at(ms)} ${text}`)
  return `${lines.join(' | ')} (${JSON.stringify(scenario.recogniser)})`
}

function textOf({ event, private: words }) {
  const text = words?.text
  return text === undefined ? event : `${event} "${text}"`
}
