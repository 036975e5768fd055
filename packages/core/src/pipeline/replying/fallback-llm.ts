import type { Clock } from '../../contracts/clock.ts'
import { asProviderError } from '../../contracts/errors.ts'
import type { LlmEvent, LlmProvider, LlmRequest } from '../../contracts/llm.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { timedIteration } from '../../kit/timed-iteration.ts'

export interface NamedLlm {
  readonly plugin: string
  readonly provider: LlmProvider
}

/**
 * Several models as one: each reply goes to the first, and to the next when one fails or is silent past its deadline
 * before it has said or called anything. What was begun is not begun again by another.
 */
export function createFallbackLlm(
  models: readonly NamedLlm[],
  parts: { clock: Clock; firstTokenTimeoutMs: number; telemetry: CallTelemetry },
): LlmProvider {
  const { clock, telemetry, firstTokenTimeoutMs } = parts

  async function* reply(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmEvent> {
    const limits = { clock, firstMs: firstTokenTimeoutMs, idleMs: firstTokenTimeoutMs, what: 'llm', signal }
    for (const [index, model] of models.entries()) {
      let begun = false
      try {
        for await (const event of timedIteration(model.provider.reply(request, signal), limits)) {
          begun ||= event.type !== 'usage'
          yield event
        }
        return
      } catch (thrown) {
        const error = asProviderError(thrown, model.plugin)
        const next = models[index + 1]
        if (signal.aborted || begun || !next) throw error
        telemetry.llmFellBack({ from: model.plugin, to: next.plugin, error })
      }
    }
  }

  return {
    hints: models.flatMap(({ provider }) => provider.hints ?? []),
    preemptive: models[0]?.provider.preemptive ?? false,
    reply,
    async warm() {
      await Promise.allSettled(models.map(async ({ provider }) => provider.warm?.()))
    },
    // The providers belong to the process, not to this call.
    close: () => Promise.resolve(),
  }
}
