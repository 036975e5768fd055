// Scenarios played to the real call of the core: its session, workers and turn loop, a Silero detector on this thread,
// scripted model, voice and recogniser, all on one fake clock. What is measured is what the rules do.

import {
  createCallTelemetry,
  createFrameClock,
  createTurnTap,
  createVadTap,
  startCallSession,
  toCallSettings,
} from '../../../packages/core/dist/host.js'
import { createFakeClock, scriptPipeline, testStages } from '../../../packages/core/dist/testing/index.js'
import { createAgentVoice, createModel } from './agent.mjs'
import { createCaller } from './caller.mjs'
import { createEchoWords } from './echo-words.mjs'
import { createFarEnd } from './far-end.mjs'
import { createLine } from './line.mjs'
import { createRecogniser } from './recogniser.mjs'

const FRAME_MS = 20
/** Calls on one clock: they share its turns, not their stages. */
const CALLS_AT_ONCE = 40
const HANG_UP_MS = 15_000
const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log }
const metrics = { count() {}, gauge() {}, observe() {} }

/**
 * `equipment`: `{ sounds, vad, settings, turn? }`, where `settings` is a map over the pipeline file's own keys and
 * `turn` makes a detector of turn ends on that clock. Gives `[{ scenario, caller: events, agent: mu-law, durationMs, events }]`.
 */
export async function playAll(scenarios, equipment) {
  const played = []
  for (let from = 0; from < scenarios.length; from += CALLS_AT_ONCE) {
    played.push(...(await playTogether(scenarios.slice(from, from + CALLS_AT_ONCE), equipment)))
  }
  return played
}

async function playTogether(scenarios, equipment) {
  const time = createFakeClock()
  const { clock } = time
  const frameClock = createFrameClock(clock)
  const turn = equipment.turn?.(clock)
  const calls = scenarios.map((scenario) => openCall(scenario, { ...equipment, turn, clock, frameClock }))
  for (let open = calls; open.length > 0; open = open.filter((call) => call.step()))
    await time.advance(FRAME_MS)
  for (const call of calls) call.end()
  await time.advance(HANG_UP_MS)
  return calls.map((call) => call.result())
}

function openCall(scenario, { sounds, vad, settings, turn, clock, frameClock }) {
  const far = createFarEnd(clock, scenario.id)
  const { jitter, seed, recogniser: traits } = scenario
  const recogniser = createRecogniser({
    clock,
    traits,
    seed,
    lateMs: jitter?.ms ?? 0,
    before: (type) => echoWords?.open(type) ?? '',
  })
  const caller = createCaller(scenario, sounds, (step, startMs) =>
    recogniser.hear(step.utterance, step, startMs),
  )
  const echoWords = scenario.echo?.recognised ? createEchoWords(scenario, recogniser.say) : undefined
  const line = createLine({ scenario, clock, far, sounds })
  const voice = createAgentVoice(sounds.callers, scenario.msPerCharacter, scenario.agentVoiceSeed)
  const answer = () => (caller.begun <= 1 ? scenario.replies.first : scenario.replies.then)
  const events = []
  let overMs

  startCallSession({
    call: far.call,
    settings: settingsOf(scenario, settings),
    stages: {
      ...testStages(
        {
          stt: [{ name: 'scripted', provider: recogniser.provider }],
          llm: [{ name: 'scripted', provider: createModel(answer) }],
          tts: [{ name: 'scripted', provider: voice }],
        },
        { clock, metrics, log },
      ),
      vad: createVadTap(vad, frameClock, clock),
      ...(turn && { turn: createTurnTap(turn, clock) }),
    },
    clock,
    frameClock,
    telemetry: createCallTelemetry({ log, metrics, clock, onEvent: (event) => events.push(event) }),
    taps: [],
  })

  return {
    /** The next 20 ms; false once the scenario is over. */
    step() {
      const nowMs = far.nowMs()
      const frame = caller.frame(nowMs, far.heldMs())
      if (caller.begun > 1) echoWords?.frame(far.heldMs() > 0, caller.speaks)
      if (frame) line.send(frame, nowMs)
      else overMs = nowMs
      return frame !== undefined
    },
    end: () => far.hangUp(),
    result: () => ({
      scenario,
      caller: caller.events,
      gaveUp: caller.gaveUp,
      agent: far.channel().subarray(0, overMs * 8),
      durationMs: overMs,
      events: events.filter(({ atMs }) => atMs <= overMs),
    }),
  }
}

function settingsOf({ asks, language }, settings) {
  const said = { conversation: { greeting: asks, language } }
  const { conversation, ...others } = settings
  return toCallSettings(
    scriptPipeline({ ...others, conversation: { ...conversation, ...said.conversation } }),
  )
}
