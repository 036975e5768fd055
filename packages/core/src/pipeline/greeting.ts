import { asProviderError } from '../contracts/errors.ts'
import type { CallTelemetry } from '../telemetry/call-telemetry.ts'
import type { AgentUtterance } from './history.ts'
import { type SpeechParts, speakClause } from './speech.ts'

export const GREETING_MARK = 'greeting_end'

/**
 * Speaks the greeting through the tx-queue, without waiting for anything else. Resolves when its mark came back;
 * a greeting that cannot be spoken is told to telemetry, and the call goes on.
 */
export async function runGreeting(
  text: string,
  parts: SpeechParts & { telemetry: CallTelemetry },
  utterance: AgentUtterance,
  onFirstFrame: () => void,
  signal: AbortSignal,
): Promise<'played' | 'cleared' | 'failed'> {
  const { telemetry, line } = parts
  telemetry.greetingQueued(text)
  try {
    await speakClause(text, parts, { utterance, signal, onFirstFrame })
  } catch (thrown) {
    telemetry.ttsFailed(0, asProviderError(thrown, 'tts: greeting'))
    return 'failed'
  }
  if (signal.aborted) return 'cleared'
  const outcome = await line.mark(GREETING_MARK)
  telemetry.greetingEnd(outcome)
  return outcome
}
