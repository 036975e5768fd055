// Stand-in for the core's panel until that is there: the same names and windows.

const TICK_MS = 200
const YIELD_MS = 2000
const SELECTIVE_MS = 1000
const DEAD_MS = 3500

const share = (count, n) => ({ count, n, ...(n > 0 && { rate: count / n }) })
function times(values) {
  const valuesMs = [...values].sort((a, b) => a - b)
  const rank = (part) => valuesMs[Math.max(0, Math.ceil(valuesMs.length * part) - 1)]
  return { n: valuesMs.length, ...(valuesMs.length > 0 && { p50Ms: rank(0.5), p95Ms: rank(0.95) }), valuesMs }
}

export function joined(intervals, gapMs = TICK_MS) {
  const out = []
  for (const one of intervals) {
    const last = out.at(-1)
    if (last && one.startMs - last.endMs < gapMs) last.endMs = one.endMs
    else out.push({ ...one })
  }
  return out
}

export function scorePanel({ caller, agent: voices, durationMs }) {
  const agent = joined(voices)
  const words = caller.filter(({ kind }) => kind === 'turn' || kind === 'interruption')
  const at = (ms) => agent.find((voice) => voice.startMs <= ms && ms < voice.endMs)
  const judged = words.map((said, index) => {
    const over = at(said.startMs)
    const spokeOn = over && over.endMs < durationMs ? over.endMs - said.startMs : undefined
    const answer = agent.find(({ startMs }) => startMs >= said.endMs)
    const next = words[index + 1]
    return {
      over: over !== undefined,
      yieldMs: spokeOn < YIELD_MS ? spokeOn : undefined,
      silentAtEnd: !agent.some((voice) => voice.startMs < said.endMs && said.endMs < voice.endMs),
      latencyMs: answer && !(next?.startMs < answer.startMs) ? answer.startMs - said.endMs : undefined,
      starts: agent.filter((voice) => said.startMs < voice.startMs && voice.startMs < said.endMs).length,
    }
  })
  const ended = judged.filter(({ silentAtEnd }) => silentAtEnd)
  const over = judged.filter((one) => one.over)
  const selectivity = (kind) => {
    const rightly = caller
      .filter((event) => event.kind === kind)
      .map((event) => [event, at(event.startMs)])
      .filter(([, voice]) => voice)
      .map(([event, voice]) => voice.endMs >= durationMs || voice.endMs - event.startMs >= SELECTIVE_MS)
    return share(rightly.filter(Boolean).length, rightly.length)
  }
  const latencies = ended.flatMap(({ latencyMs }) => latencyMs ?? [])
  const yields = over.flatMap(({ yieldMs }) => yieldMs ?? [])
  return {
    calls: 1,
    words: words.length,
    response: share(latencies.length, ended.length),
    responseLatency: times(latencies),
    yield: share(yields.length, over.length),
    timeToYield: times(yields),
    selectivity: {
      backchannel: selectivity('backchannel'),
      vocalTic: selectivity('vocal-tic'),
      notToAgent: selectivity('not-to-agent'),
    },
    agentInterruptions: share(
      judged.reduce((sum, { starts }) => sum + starts, 0),
      words.length,
    ),
    deadAir: { count: latencies.filter((ms) => ms > DEAD_MS).length },
  }
}

export function addPanels(panels) {
  const shares = (of) =>
    share(
      panels.reduce((sum, panel) => sum + of(panel).count, 0),
      panels.reduce((sum, panel) => sum + of(panel).n, 0),
    )
  return {
    calls: panels.length,
    words: panels.reduce((sum, panel) => sum + panel.words, 0),
    response: shares((panel) => panel.response),
    responseLatency: times(panels.flatMap((panel) => panel.responseLatency.valuesMs)),
    yield: shares((panel) => panel.yield),
    timeToYield: times(panels.flatMap((panel) => panel.timeToYield.valuesMs)),
    selectivity: {
      backchannel: shares((panel) => panel.selectivity.backchannel),
      vocalTic: shares((panel) => panel.selectivity.vocalTic),
      notToAgent: shares((panel) => panel.selectivity.notToAgent),
    },
    agentInterruptions: shares((panel) => panel.agentInterruptions),
    deadAir: { count: panels.reduce((sum, panel) => sum + panel.deadAir.count, 0) },
  }
}
