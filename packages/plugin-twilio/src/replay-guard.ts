import type { HttpResponse, PluginContext } from '@kav/core'

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
  const answers = new Map<string, { readonly untilMs: number; readonly answer: Promise<HttpResponse> }>()

  function forget(nowMs: number): void {
    for (const [proof, { untilMs }] of answers) {
      if (untilMs > nowMs && answers.size < MAX_REMEMBERED) return
      if (untilMs > nowMs) metrics.count('twilio_requests_forgotten_early_total')
      answers.delete(proof)
    }
  }

  return {
    once(at, proof, answer) {
      if (proof === undefined) return answer()
      const nowMs = clock.nowMs()
      const known = answers.get(proof)
      if (known !== undefined && known.untilMs > nowMs) {
        metrics.count('twilio_requests_repeated_total', 1, { at })
        return known.answer
      }
      answers.delete(proof)
      forget(nowMs)
      const made = answer()
      answers.set(proof, { untilMs: nowMs + REMEMBER_MS, answer: made })
      // One that failed is no answer: the next try is a first one.
      made.catch(() => answers.delete(proof))
      return made
    },
  }
}
