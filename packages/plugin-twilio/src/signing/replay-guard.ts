import type { HttpResponse, PluginContext } from '@kav/core'
import { ExpiringMap } from '@kav/core/kit'

/**
 * Answers each proven request once. Who sends it again within five minutes (Twilio, because our answer was lost, or
 * somebody who recorded it) gets the answer of the first time, and nothing else happens: no new token, no event.
 *
 * The signature is what a request is known by. Twilio's `I-Twilio-Idempotency-Token` says the same for its own
 * retries, but no signature covers that header.
 */
export interface ReplayGuard {
  /** @param proof the request's signature; without one nothing can be known of it, and `answer` is always asked. */
  once(
    at: 'webhook' | 'status',
    proof: string | undefined,
    answer: () => Promise<HttpResponse>,
  ): Promise<HttpResponse>
}

const REMEMBER_MS = 5 * 60_000
/** Some 20 MB of answers: 33 calls a second. Beyond it the oldest is forgotten early, and counted. */
const MAX_REMEMBERED = 10_000

export function createReplayGuard({ clock, metrics }: Pick<PluginContext, 'clock' | 'metrics'>): ReplayGuard {
  const answers = new ExpiringMap<Promise<HttpResponse>>({
    clock,
    maxKeys: MAX_REMEMBERED,
    onForgottenEarly: () => metrics.count('twilio_requests_forgotten_early_total'),
  })

  return {
    once(at, proof, answer) {
      if (proof === undefined) return answer()
      const known = answers.get(proof)
      if (known !== undefined) {
        metrics.count('twilio_requests_repeated_total', 1, { at })
        return known
      }
      const made = answer()
      answers.set(proof, made, REMEMBER_MS)
      // One that failed is no answer: the next try is a first one.
      made.catch(() => answers.delete(proof))
      return made
    },
  }
}
