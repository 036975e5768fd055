import { resolve } from 'node:path'
import { ProviderError, type Clock, type LlmProvider, type PluginContext } from '@kav/core'
import { decideAnswer } from './answer.ts'
import { checkInlineScript, loadScript } from './load-script.ts'
import { createMatcher } from './matcher.ts'
import type { ScriptedParams } from './params.ts'
import { expandPhrase, parsePhrase } from './phrase.ts'
import type { Script } from './script-schema.ts'
import { compileSlots, type Slots } from './slots.ts'

/** A conversation from a script. Throws an `Error` with every problem of the script. */
export function createScriptedProvider(params: ScriptedParams, context: PluginContext): LlmProvider {
  const { log, metrics, clock, baseDir } = context
  const script =
    typeof params.script === 'string'
      ? loadScript(resolve(baseDir, params.script))
      : checkInlineScript(params.script)
  const slots = compileSlots(script.slots ?? {})
  const matcher = createMatcher(script, slots, params.match_threshold)
  const closing = new AbortController()

  return {
    hints: hintsOf(script, slots),
    preemptive: true,
    async *reply(request, signal) {
      if (closing.signal.aborted) throw new ProviderError('cancelled', 'The scripted responder is closed')
      const { callId, messages, tools } = request
      const isStopped = (): boolean => signal.aborted || closing.signal.aborted
      const answer = decideAnswer(script, matcher, messages, tools)
      if (answer.fallback !== undefined) metrics.count('llm_script_fallbacks_total')
      log.debug({ call: callId, intent: answer.intent, fallback: answer.fallback }, 'Script answers')

      let delayMs = params.first_token_ms
      for (const token of answer.text.match(/\s*\S+/g) ?? []) {
        await pause(clock, delayMs, [signal, closing.signal])
        if (isStopped()) return
        yield { type: 'text', text: token }
        if (isStopped()) return
        delayMs = params.token_ms
      }
      if (answer.toolCall !== undefined) {
        const { name, arguments: args } = answer.toolCall
        yield { type: 'tool-call', id: `scripted-${messages.length}`, name, arguments: JSON.stringify(args) }
        if (isStopped()) return
      }
      yield { type: 'end', reason: answer.toolCall === undefined ? 'stop' : 'tool-calls' }
    },
    async close() {
      closing.abort()
    },
  }
}

/** Everything the script expects to hear, slots spelled out. */
function hintsOf(script: Script, slots: Slots): string[] {
  const phrases = script.intents.flatMap((intent) => intent.phrases ?? [])
  const expanded = [...phrases, ...(script.hints ?? [])].flatMap((text) =>
    expandPhrase(parsePhrase(text), slots),
  )
  return [...new Set(expanded)]
}

/** Waits, unless one of the signals aborts first. */
function pause(clock: Clock, delayMs: number, signals: readonly AbortSignal[]): Promise<void> | undefined {
  if (delayMs <= 0) return undefined
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel()
      for (const signal of signals) signal.removeEventListener('abort', finish)
      resolve()
    }
    const cancel = clock.after(delayMs, finish)
    for (const signal of signals) {
      if (signal.aborted) finish()
      else signal.addEventListener('abort', finish, { once: true })
    }
  })
}
