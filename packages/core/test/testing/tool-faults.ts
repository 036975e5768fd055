import { setTimeout as sleep } from 'node:timers/promises'
import type { ToolProvider } from '../../src/index.ts'
import { toolContract, type ToolContractOptions } from '../../src/testing/index.ts'
import { breaksHost, breaksWords, SECRET } from './host-faults.ts'
import { breaksProcess } from './process-faults.ts'
import type { Breaks } from './promise-table.ts'
import { expectFailure } from './suite-failures.ts'

/** The same tools with a service behind them that never answers; an abort and a close end the wait. */
export function createSilentShop(shop: ToolProvider): ToolProvider {
  const closing = new AbortController()
  return {
    ...shop,
    run: (_name, _args, { signal }) =>
      new Promise((_resolve, reject) => {
        const stop = AbortSignal.any([signal, closing.signal])
        const end = () => reject(new Error('the shop was not asked to the end'))
        if (stop.aborted) end()
        stop.addEventListener('abort', end, { once: true })
      }),
    close: async () => closing.abort(),
  }
}

export function breaksTool(
  breaks: Breaks<'tool'>,
  options: ToolContractOptions,
  shop: () => ToolProvider,
): void {
  const stalled = (change: (silent: ToolProvider) => ToolProvider): ToolContractOptions => ({
    ...options,
    createStalled: () => change(createSilentShop(shop())),
  })
  breaks('stalled', 'an abort that waits for the far end', () =>
    expectFailure(
      toolContract(stalled((silent) => ({ ...silent, run: () => new Promise(() => undefined) }))),
      'an abort and a close need no answer',
      /the tool to settle after an abort/,
    ),
  )
  breaks('stalled', 'a close that leaves open what the far end says nothing to', () =>
    expectFailure(
      toolContract(stalled((silent) => ({ ...silent, close: () => sleep(1) }))),
      'an abort and a close need no answer',
      /the tool to settle after provider.close/,
    ),
  )
  breaks('unread', 'a use that rejects twice when nobody waits for it', () =>
    expectFailure(
      toolContract({
        ...options,
        create: () => ({
          ...shop(),
          run(name, args, context) {
            void Promise.reject(new Error('lost'))
            return shop().run(name, args, context)
          },
        }),
      }),
      'a use that nobody waits for',
      /nobody handled it: Error: lost/,
    ),
  )
  breaks('secrets', 'a key in the message that the model is told', () =>
    expectFailure(
      toolContract({
        ...options,
        secrets: [SECRET],
        createFailing: () => ({
          ...shop(),
          run: () => Promise.reject(new Error(`key ${SECRET} is refused`)),
        }),
      }),
      'no secret is in an error',
      /no secret in an error/,
    ),
  )
  const suiteOf: Parameters<typeof breaksHost>[1] = (atCreate) =>
    toolContract({
      ...options,
      secrets: [SECRET],
      create(context) {
        atCreate(context)
        return { ...shop(), run: async () => 'A1 was sent on Monday' }
      },
    })
  breaksHost(breaks, suiteOf)
  breaksProcess(breaks, suiteOf)
  breaksWords(breaks, suiteOf, 'A1 was sent on Monday')
}
