import type { Clock } from '../contracts/clock.ts'
import { ProviderError } from '../contracts/errors.ts'
import type { LlmEvent, LlmProvider, LlmRequest, LlmUsage } from '../contracts/llm.ts'
import { timedIteration } from '../kit/timed-iteration.ts'
import { createCallIds } from './call-ids.ts'
import { createInOrder, type ProviderFallback } from './in-order.ts'
import type { ProviderInstance } from './provider-instance.ts'
import { lentRequest } from './lent-request.ts'
import { createOpaqueOwners } from './opaque-owners.ts'
import { readAnswer, type ToldEvent } from './read-answer.ts'
import type { WithheldText } from '../language/model-text/index.ts'

/** A model's answer held more than words. */
export interface WithheldAnswer extends WithheldText {
  readonly provider: string
}

/** Follows the requests of one answer, one model after the other. */
export interface AnswerWatch {
  asked(model: string): void
  begun(): void
  tokens(input: number, output: number): void
  /** `whole`: it came to its end. */
  over(error: ProviderError | undefined, whole: boolean): void
}

/** The models of one call: asked for a turn of it. */
export interface CallLlm extends LlmProvider {
  reply(request: LlmRequest, signal: AbortSignal, turn?: number): AsyncIterable<LlmEvent>
}

/**
 * Several models as one, for one call, their texts made words (`readAnswer`): no plugin has to. The deadline holds for the first
 * word of each, and between words: a thought does not count. What a model wants to have back it alone is given, and
 * calls of others by ids that it takes.
 */
export function createLlmInOrder(
  models: readonly ProviderInstance<LlmProvider>[],
  parts: {
    clock: Clock
    firstTokenTimeoutMs: number
    onFallback: (fallback: ProviderFallback) => void
    onPassedOver: (by: { from: string; to: string }) => void
    onWithheld: (withheld: WithheldAnswer) => void
    onUsage: (plugin: string, usage: LlmUsage) => void
    watch: (turn: number | undefined) => AnswerWatch
  },
): CallLlm {
  const { clock, firstTokenTimeoutMs } = parts
  const inOrder = createInOrder<LlmProvider>({ fallback: parts.onFallback, passedOver: parts.onPassedOver })
  const opaques = createOpaqueOwners<ProviderInstance<LlmProvider>>()
  const ids = createCallIds<ProviderInstance<LlmProvider>>()

  function told(instance: ProviderInstance<LlmProvider>, event: ToldEvent, watch: AnswerWatch): void {
    if (event.type === 'usage') {
      parts.onUsage(instance.name, event)
      watch.tokens(event.inputTokens, event.outputTokens)
      return
    }
    opaques.told(instance, event.opaque)
    if (event.type === 'tool-call') ids.told(instance, event.id)
  }

  const limits = { clock, firstMs: firstTokenTimeoutMs, idleMs: firstTokenTimeoutMs, what: 'llm' }
  return {
    hints: models.flatMap(({ provider }) => provider.hints ?? []),
    preemptive: models[0]?.provider.preemptive ?? false,
    reply(request, signal, turn) {
      const watch = parts.watch(turn)
      return inOrder.stream<LlmEvent>(models, {
        ask: (instance, own) => {
          watch.asked(instance.name)
          const { provider, name, habits } = instance
          const messages = ids.messagesFor(instance, opaques.messagesFor(instance, request.messages))
          const asked = lentRequest({ ...request, messages })
          const answer = readAnswer(provider.reply(asked, own), {
            tools: request.tools,
            habits,
            onWithheld: (withheld: WithheldText) => parts.onWithheld({ ...withheld, provider: name }),
            onTold: (event) => told(instance, event, watch),
          })
          return timedIteration(answer, { ...limits, signal: own })
        },
        onBegin: watch.begun,
        onOver: (_instance, error, whole) => watch.over(error, whole),
        begins: (event) => event.type !== 'usage',
        ends: (event) => event.type === 'end',
        fault: (last) =>
          last?.type === 'end'
            ? undefined
            : new ProviderError('network', 'llm: the answer was cut off before its end'),
        signal,
      })
    },
    async warm() {
      await Promise.allSettled(models.map(async ({ provider }) => provider.warm?.()))
    },
    // The providers belong to the process, not to this call.
    close: () => Promise.resolve(),
  }
}
