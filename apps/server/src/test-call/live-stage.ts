import { setTimeout as wait } from 'node:timers/promises'
import type { CallEvent, LoadedPipeline } from '@kav/core/host'
import type { Panel } from '@kav/core/panel'
import type { ConversationScript, ConversationStage } from '@kav/core/testing'
import { type PhoneCall, placeCall } from '@kav/phone'
import type { CallerVoice } from '../caller-voice.ts'
import { systemClock } from '../system-clock.ts'
import { openTestLine, type TestLine } from './test-line.ts'

const BETWEEN_KEYS_MS = 120
/** Models, voices and recognisers take the time they take. */
const PATIENCE_MS = 15_000

interface LiveStageOptions {
  readonly script: ConversationScript
  readonly pipeline: LoadedPipeline
  readonly voice: CallerVoice
  readonly onEvent?: (event: CallEvent) => void
}

export interface LiveStage extends ConversationStage {
  /** How the agent took turns, once the call is over. */
  readonly panel: Promise<Panel>
}

/**
 * A real call in real time: the pipeline with its own plugins on a port of this machine, and a caller who speaks
 * with `voice`. What the script says of fakes (`agent`, `voice`, `recogniser`, `tool_answers`) does not count here.
 */
export async function openLiveStage(options: LiveStageOptions): Promise<LiveStage> {
  const { script, voice } = options
  const seen = { events: [] as CallEvent[], endedBy: undefined as string | undefined, clears: 0 }
  const line = await openTestLine({
    pipeline: options.pipeline,
    onEvent(event) {
      seen.events.push(event)
      if (event.event === 'call_ended') seen.endedBy = String(event.fields['ended_by'])
      options.onEvent?.(event)
    },
  })
  const startMs = systemClock.nowMs()
  const call = await dial(line, script, () => seen.clears++)

  async function over(): Promise<void> {
    call.hangUp()
    await call.finished
    await line.kept
  }

  return {
    ...callerActs(call, voice),
    panel: call.finished.then(({ panel }) => panel),
    events: seen.events,
    patienceMs: PATIENCE_MS,
    get nowMs() {
      return systemClock.nowMs() - startMs
    },
    hangUp: over,
    get clears() {
      return seen.clears
    },
    context: undefined,
    spoken: undefined,
    get endedBy() {
      return seen.endedBy
    },
    transferredTo: undefined,
    async close() {
      try {
        await over()
      } finally {
        await line.close()
      }
    },
  }
}

async function dial(line: TestLine, { call }: ConversationScript, onClear: () => void): Promise<PhoneCall> {
  try {
    const placed = await placeCall({
      ...line.dial,
      ...(call?.from === undefined ? {} : { from: call.from }),
      ...(call?.to === undefined ? {} : { to: call.to }),
      onEvent(event) {
        if (event.type === 'clear') onClear()
      },
    })
    line.carrier.add(placed)
    return placed
  } catch (error) {
    await line.close()
    throw error
  }
}

type CallerActs = 'hear' | 'noise' | 'silence' | 'noMedia' | 'press' | 'killRecogniser'

/** What the caller can do in real time. */
function callerActs(call: PhoneCall, voice: CallerVoice): Pick<ConversationStage, CallerActs> {
  return {
    async hear(saying) {
      await call.say(await voice.say(typeof saying === 'string' ? saying : saying.text))
    },
    async noise(ms) {
      await call.say(await voice.murmur(ms))
    },
    silence: (ms) => wait(ms),
    async noMedia(ms) {
      call.goSilent(ms)
      await wait(ms)
    },
    async press(keys) {
      for (const key of keys) {
        call.sendDtmf(key)
        await wait(BETWEEN_KEYS_MS)
      }
    },
    killRecogniser: () => Promise.reject(new Error('recogniser_dies cannot be brought about on a live call')),
  }
}
