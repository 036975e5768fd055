import { setTimeout as wait } from 'node:timers/promises'
import type { CallEvent, LoadedPipeline } from '@kav/core/host'
import type { ConversationScript, ConversationStage } from '@kav/core/testing'
import { type PhoneCall, placeCall } from '@kav/phone'
import type { CallerVoice } from './caller-voice.ts'
import { systemClock } from './system-clock.ts'
import { openTestLine } from './test-line.ts'

const BETWEEN_KEYS_MS = 120
/** Models, voices and recognisers take the time they take. */
const PATIENCE_MS = 15_000

/**
 * A real call in real time: the pipeline with its own plugins on a port of this machine, and a caller who speaks
 * with `voice`. What the script says of fakes (`agent`, `voice`, `recogniser`, `tool_answers`) does not count here.
 */
export async function openLiveStage(options: {
  readonly script: ConversationScript
  readonly pipeline: LoadedPipeline
  readonly voice: CallerVoice
  readonly onEvent?: (event: CallEvent) => void
}): Promise<ConversationStage> {
  const { script, voice } = options
  const events: CallEvent[] = []
  let clears = 0
  let endedBy: string | undefined
  const line = await openTestLine({
    pipeline: options.pipeline,
    onEvent(event) {
      events.push(event)
      if (event.event === 'call_ended') endedBy = String(event.fields['ended_by'])
      options.onEvent?.(event)
    },
  })
  const startMs = systemClock.nowMs()
  let call: PhoneCall
  try {
    const { from, to } = script.call ?? {}
    call = await placeCall({
      ...line.dial,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      onEvent(event) {
        if (event.type === 'clear') clears++
      },
    })
  } catch (error) {
    await line.close()
    throw error
  }
  line.carrier.add(call)

  async function over(): Promise<void> {
    call.hangUp()
    await call.finished
    await line.kept
  }

  return {
    events,
    patienceMs: PATIENCE_MS,
    get nowMs() {
      return systemClock.nowMs() - startMs
    },
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
    hangUp: over,
    get clears() {
      return clears
    },
    context: undefined,
    spoken: undefined,
    get endedBy() {
      return endedBy
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
