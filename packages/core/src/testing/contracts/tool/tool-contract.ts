import { setTimeout as sleep } from 'node:timers/promises'
import type { ToolProvider } from '../../../contracts/index.ts'
import { compileArguments } from '../../../tools/argument-check.ts'
import { expect, fail, turn, within, type ContractCase } from '../common/contract-case.ts'
import { createToolBench, type ToolBench, type ToolContractOptions } from './tool-bench.ts'
import { callersApart } from './tool-callers.ts'
import { abortedUses } from './tool-aborts.ts'
import { hostCases, hostProbe, wordsCases } from '../common/host-cases.ts'
import { signalCases } from '../common/signal-cases.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { settled } from '../common/outcome.ts'

export type { ToolContractCall, ToolContractOptions } from './tool-bench.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/

/** What a provider offers. */
function offeredTools({ options, suite, ask, anyCall }: ToolBench): ContractCase[] {
  return [
    suite.on('offer', 'every tool can be offered to a model', async (provider) => {
      expect(Array.isArray(provider.tools), '"tools" to be a list', `it is ${typeof provider.tools}`)
      expect(provider.tools.length > 0, 'at least one tool', 'the list is empty')
      const seen = new Set<string>()
      for (const { name, description, parameters, lasting } of provider.tools) {
        const isSaid = lasting === undefined || typeof lasting === 'boolean'
        expect(isSaid, '"lasting" to be true, false or absent', `it is a ${typeof lasting}`)
        expect(
          NAME.test(name),
          'names like "check_order", at most 64 characters',
          `one is ${JSON.stringify(name)}`,
        )
        expect(!seen.has(name), 'a name for each tool', `there are two of ${JSON.stringify(name)}`)
        seen.add(name)
        expect(
          typeof description === 'string' && description.trim() !== '',
          `a description of ${name}, which is all the model knows of it`,
          'there is none',
        )
        const compiled = compileArguments(parameters)
        if (!compiled.ok) fail(`expected ${name} to have a JSON Schema of an object; ${compiled.reason}`)
      }
    }),
    suite.on('same', 'the tools stay the same', async (provider) => {
      const before = JSON.stringify(provider.tools)
      await settled(ask(provider, anyCall()))
      expect(JSON.stringify(provider.tools) === before, 'the same tools after a call', 'they changed')
      const isOneList = provider.tools === provider.tools
      expect(isOneList, 'one list of tools while they have not changed', 'each reading gives another')
    }),
    suite.on('checked', 'the uses given here fit the tools, and every tool has one', async (provider) => {
      for (const { tool, args } of options.calls) {
        const found = provider.tools.find(({ name }) => name === tool)
        if (found === undefined) fail(`expected a tool "${tool}"; there is none`)
        const compiled = compileArguments(found.parameters)
        const checked = compiled.ok ? compiled.check(args) : compiled
        expect(checked.ok, `arguments that fit ${tool}`, `they do not: ${checked.ok ? '' : checked.reason}`)
      }
      const used = new Set(options.calls.map(({ tool }) => tool))
      for (const { name } of provider.tools) {
        expect(used.has(name), `a use of "${name}" in options.calls`, 'there is none')
      }
    }),
  ]
}

/** What a use of a tool gives, and how it ends. */
function answeredUses({
  options,
  suite,
  stepMs,
  promptMs,
  use,
  ask,
  expectTold,
  anyCall,
}: ToolBench): ContractCase[] {
  return [
    suite.on(['answers', 'checked'], 'a tool answers with what the model can read', async (provider) => {
      for (const call of options.calls) expectTold(call, await ask(provider, call))
    }),
    suite.on('apart', 'uses at the same time do not disturb each other', async (provider) => {
      const twice = [...options.calls, ...options.calls]
      const results = await Promise.all(twice.map((call) => ask(provider, call)))
      twice.forEach((call, index) => expectTold(call, results[index]))
    }),
    suite.on('abort', 'a use that is aborted ends soon, and the next one is whole', async (provider) => {
      const call = anyCall()
      for (const when of ['before it was asked for', 'at once', 'a turn later'] as const) {
        const abort = new AbortController()
        if (when.startsWith('before')) abort.abort()
        const running = settled(use(provider, call, abort.signal))
        if (when === 'a turn later') await turn()
        abort.abort()
        await within(running, promptMs, `${call.tool} to settle after an abort ${when}`)
      }
      expectTold(call, await ask(provider, call))
    }),
    suite.on(['unread', 'stray-errors'], 'a use that nobody waits for harms nobody', async (provider) => {
      const abort = new AbortController()
      void settled(use(provider, anyCall(), abort.signal))
      await turn()
      abort.abort()
      await turn()
    }),
    suite.onFresh(
      'closes',
      'provider.close settles while a tool is running, and the tool settles too',
      async (provider) => {
        const running = settled(use(provider, anyCall(), new AbortController().signal))
        await turn()
        await within(provider.close(), stepMs, 'provider.close to resolve while a tool is running')
        await within(running, stepMs, 'the tool to settle after provider.close')
      },
    ),
    suite.alone('nothing-left', 'nothing is left open after uses that ended and were aborted', async () => {
      await leavesNothingOpen(suite.settleMs, 'every use ended and the provider was closed', async () => {
        const provider = await suite.create()
        await ask(provider, anyCall())
        const abort = new AbortController()
        const running = settled(use(provider, anyCall(), abort.signal))
        await turn()
        abort.abort()
        await within(running, promptMs, 'the tool to settle after an abort')
        await within(provider.close(), stepMs, 'provider.close to resolve')
      })
    }),
  ]
}

function failingCases({ options, suite, ask, expectTold, anyCall, expectFault }: ToolBench): ContractCase[] {
  const { failing } = options
  return [
    ...(failing === undefined
      ? []
      : [
          suite.on(
            'fault',
            'a use that cannot succeed rejects with a message, and the next one is whole',
            async (provider) => {
              await expectFault(provider, failing)
              expectTold(anyCall(), await ask(provider, anyCall()))
            },
          ),
        ]),
    ...(options.createFailing === undefined
      ? []
      : [
          suite.onFailing('fault', 'a fault rejects with a message', async (provider) => {
            const { tool, args } = anyCall()
            await expectFault(provider, { tool, args })
          }),
        ]),
  ]
}

/** What a use owes while the service behind it says nothing, and what is alike for all providers. */
function sharedCases(bench: ToolBench): ContractCase[] {
  const { options, suite, stepMs, promptMs, use, ask, anyCall } = bench
  const { createStalled } = options

  async function endsAll(provider: ToolProvider): Promise<void> {
    const abort = new AbortController()
    const aborted = settled(use(provider, anyCall(), abort.signal))
    await Promise.race([aborted, sleep(UNDER_WAY_MS)])
    abort.abort()
    await within(aborted, promptMs, 'the tool to settle after an abort')
    const left = settled(use(provider, anyCall(), new AbortController().signal))
    await Promise.race([left, sleep(UNDER_WAY_MS)])
    await within(provider.close(), stepMs, 'provider.close to resolve while the far end is silent')
    await within(left, promptMs, 'the tool to settle after provider.close')
  }
  const probe = hostProbe(suite, options, {
    async exercise(provider) {
      const result = await ask(provider, anyCall())
      if (typeof result === 'string') suite.witness.heard(result)
    },
    faultOf: async (provider) => (await settled(ask(provider, anyCall()))).error,
  })
  return [
    ...(createStalled === undefined
      ? []
      : [
          suite.alone('stalled', 'an abort and a close need no answer of the far end', () =>
            leavesNothingOpen(suite.settleMs, 'uses of a silent far end were aborted', () =>
              suite.use((context) => createStalled(context, 'at-once'), endsAll),
            ),
          ),
        ]),
    ...signalCases(
      suite,
      options.calls.map((call) => ({
        ends: `${call.tool} has answered`,
        run: (provider, signal) => within(use(provider, call, signal), stepMs, `${call.tool} to answer`),
      })),
    ),
    ...hostCases(suite, options, probe),
    ...wordsCases(suite, probe),
  ]
}

/** How long a use waits before it is aborted: it has got to the far end by then, or will at once. */
const UNDER_WAY_MS = 30

/** The contract of `ToolProvider`, one case a sentence. */
export function toolContract(options: ToolContractOptions): ContractCase[] {
  const bench = createToolBench(options)
  return [
    ...offeredTools(bench),
    ...answeredUses(bench),
    ...callersApart(bench),
    ...abortedUses(bench),
    ...failingCases(bench),
    ...sharedCases(bench),
    bench.suite.last('closes', 'the provider closes, also twice'),
    bench.suite.leftBehind('stray-errors'),
  ]
}
