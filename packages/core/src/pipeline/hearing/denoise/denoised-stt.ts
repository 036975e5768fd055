import type { Clock } from '../../../contracts/clock.ts'
import type { SttProvider } from '../../../contracts/stt.ts'
import { cleanUtterance } from './clean-utterance.ts'
import type { DenoiseStage } from './denoise-stage.ts'
import { denoisedSession } from './denoised-session.ts'

/** What a recogniser says of itself that holds behind a filter too. */
const FACTS = {
  regions: true,
  partials: true,
  sessions: true,
  detectsTurns: true,
  hintCaps: true,
  needsHints: true,
  maxSessionMs: true,
} satisfies Record<Exclude<keyof SttProvider, 'accepts' | 'openSession' | 'recognize' | 'close'>, true>

/**
 * A recogniser behind a filter, as a recogniser: it takes those of its formats whose rate the filter takes, and each of
 * its sessions has a session of the filter's own, so that one that replays a caller does so through a fresh one.
 */
export function denoisedStt(provider: SttProvider, stage: DenoiseStage, clock: Clock): SttProvider {
  const { delayMs } = stage
  const recognize: SttProvider['recognize'] = async (audio, options) => {
    const { format, callId, signal } = options
    const line = stage.open(format.sampleRateHz, callId)
    const clean = line && (await cleanUtterance(audio, line, { format, delayMs, clock, signal }))
    return provider.recognize!(clean ?? audio, options)
  }
  return {
    ...factsOf(provider),
    accepts: provider.accepts.filter(({ sampleRateHz }) => stage.takes(sampleRateHz)),
    async openSession(options) {
      const session = await provider.openSession(options)
      const line = stage.open(options.format.sampleRateHz, options.callId)
      return line ? denoisedSession(session, line, { format: options.format, delayMs }) : session
    },
    ...(provider.recognize && { recognize }),
    close: () => provider.close(),
  }
}

function factsOf(provider: SttProvider): Pick<SttProvider, keyof typeof FACTS> {
  const names = Object.keys(FACTS) as (keyof typeof FACTS)[]
  return Object.fromEntries(
    names.flatMap((name) => (provider[name] === undefined ? [] : [[name, provider[name]]])),
  )
}
