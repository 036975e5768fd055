import type { ToolContext, ToolProvider } from '../../../contracts/index.ts'
import { expect, fail, told, within } from '../common/contract-case.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { settled } from '../common/outcome.ts'
import { createSuite } from '../common/suite.ts'

/** One use of a tool. */
export interface ToolContractCall {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
  /** Matches what the model is told: a text as it is, anything else as JSON. */
  readonly expected?: RegExp
}

export interface ToolContractOptions extends ContractOptions<ToolProvider> {
  /** At least one use of every tool, which succeeds. */
  readonly calls: readonly ToolContractCall[]
  /** Present: a use that fails; `expected` matches the message that the model is told. */
  readonly failing?: ToolContractCall
  /**
   * For a loopback double: how many uses it has carried out, those that were taken back left out. Present: a use that
   * was aborted must not be among them.
   */
  carriedOut?(): number | Promise<number>
  /** What the tools may know of the call. */
  readonly params?: Readonly<Record<string, string>>
  readonly language?: string
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}

type OfCall = Partial<Pick<ToolContext, 'callId' | 'params'>>

const isAwaitable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** How the cases use a tool and judge what it tells. */
export function createToolBench(options: ToolContractOptions) {
  const suite = createSuite('tool', options)
  const { stepMs, promptMs } = suite

  const contextOf = (signal: AbortSignal, of: OfCall = {}): ToolContext => ({
    callId: of.callId ?? 'contract',
    params: Object.freeze({ ...(of.params ?? options.params) }),
    language: options.language ?? 'en-US',
    signal,
  })

  function use(
    provider: ToolProvider,
    call: ToolContractCall,
    signal: AbortSignal,
    of?: OfCall,
  ): Promise<unknown> {
    const args = deepFreeze(structuredClone(call.args))
    const running: unknown = provider.run(call.tool, args, contextOf(signal, of))
    // Whatever can be awaited: queries of databases are no promises, and run once somebody waits for them.
    if (!isAwaitable(running)) fail(`expected run to return a promise; it returned ${typeof running}`)
    return Promise.resolve(running)
  }

  const ask = (provider: ToolProvider, call: ToolContractCall, of?: OfCall) =>
    within(use(provider, call, new AbortController().signal, of), stepMs, `${call.tool} to answer`)

  /** What the model would read. */
  function textOf(call: ToolContractCall, result: unknown): string {
    if (typeof result === 'string') return result
    try {
      const json: string | undefined = JSON.stringify(result)
      return json ?? ''
    } catch (thrown) {
      fail(`expected ${call.tool} to give text or what JSON can hold; it cannot be written: ${told(thrown)}`)
    }
  }

  function expectTold(call: ToolContractCall, result: unknown): void {
    const text = textOf(call, result)
    const { expected } = call
    if (expected !== undefined) {
      expect(
        expected.test(text),
        `${call.tool} to tell ${expected}`,
        `it told ${JSON.stringify(text.slice(0, 200))}`,
      )
    }
  }

  function anyCall(): ToolContractCall {
    const [call] = options.calls
    if (call === undefined) fail('expected options.calls to hold at least one use of every tool; it is empty')
    return call
  }

  /** A failure is told to the model by its message. */
  async function expectFault(provider: ToolProvider, call: ToolContractCall): Promise<void> {
    const { value, error } = await settled(ask(provider, call))
    if (error === undefined) {
      fail(`expected ${call.tool} to fail; it told ${JSON.stringify(textOf(call, value).slice(0, 200))}`)
    }
    const message = error instanceof Error ? error.message.trim() : ''
    expect(message !== '', `${call.tool} to reject with an Error that has a message`, `it was ${told(error)}`)
    const { expected } = call
    if (expected !== undefined) {
      expect(expected.test(message), `a message that matches ${expected}`, `it is ${JSON.stringify(message)}`)
    }
  }

  return { options, suite, stepMs, promptMs, use, ask, textOf, expectTold, anyCall, expectFault }
}
export type ToolBench = ReturnType<typeof createToolBench>
