import type { LiveFinding, LlmProvider } from '@kav/core'
import { finding, LIVE_CHECK_MS } from '@kav/core/kit'
import type { LlmParams } from './llm-params.ts'
import { providerErrorFrom } from './provider-error.ts'

/** What the operator does about a fault of this class. */
const FIX: Readonly<Record<string, string>> = {
  auth: 'Set api_key to a key that the provider takes.',
  quota: 'Look at the limits and the balance of the account.',
  'bad-request': 'Correct package, model, base_url or the options, as the message says.',
  timeout: 'Check base_url and the way there, or choose a faster model.',
}

/**
 * The package has no question that costs nothing, so one word is asked for, a few tokens in all. Closes the provider.
 */
export async function askForOneWord(params: LlmParams, llm: LlmProvider): Promise<readonly LiveFinding[]> {
  const request = {
    callId: 'live-check',
    messages: [{ role: 'user' as const, content: 'Say the word: yes' }],
    tools: [],
  }
  const limit = AbortSignal.timeout(LIVE_CHECK_MS)
  try {
    let isAnswered = false
    for await (const event of llm.reply(request, limit)) isAnswered ||= event.type === 'end'
    if (isAnswered) return [finding.ok(`"${params.package}" answers with the model "${params.model}"`)]
    return [finding.error(`${params.model} did not answer within ${LIVE_CHECK_MS} ms`, FIX.timeout!)]
  } catch (thrown) {
    const error = providerErrorFrom(thrown, params.model)
    return [finding.error(error.message, FIX[error.class] ?? 'Check base_url and the network.')]
  } finally {
    await llm.close()
  }
}
