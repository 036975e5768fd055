import { expect, within, type ContractCase } from './contract-case.ts'
import { expectProviderError, settled } from './outcome.ts'
import type { TransportBench } from './transport-bench.ts'

/** So many calls one after the other: what a transport keeps of the first ones shows. */
const CALLS = 3
/** Nobody sends it by chance. */
const MARK = 'Kumquat-48213'
/** A number of no one, where the far end has none of its own. */
const NOBODY = '+15550199'

/** What a transport owes behind its first call. */
export function laterCalls(bench: TransportBench): ContractCase[] {
  const { suite, onHost, dial, frames, say, expectHeardByAgent, expectHeardByCaller, expectOver } = bench
  return [
    suite.alone('later', 'calls one after the other are carried alike', () =>
      onHost(async (host, provider) => {
        for (let call = 0; call < CALLS; call++) {
          const line = await dial(host, provider)
          const [said, answered] = [frames(line.call, 5, call), frames(line.call, 5, call + 7)]
          await say(line, said)
          await expectHeardByAgent(line, said, `in call ${call + 1}`)
          for (const frame of answered) line.call.send(frame)
          await expectHeardByCaller(line, answered, `in call ${call + 1}`)
          await line.farEnd.hangUp()
          await expectOver(line, `when the far end hangs up call ${call + 1}`)
        }
      }),
    ),
    suite.alone('later', 'the params of a call are its own', () =>
      onHost(async (host, provider) => {
        for (const values of [{ word: MARK }, undefined]) {
          const line = await dial(host, provider, true, values)
          const isThere = Object.values(line.call.params).includes(MARK)
          expect(
            values !== undefined || !isThere,
            'params of the call itself',
            'they hold what the call before was given',
          )
          await line.farEnd.hangUp()
          await expectOver(line, 'when the far end hangs up')
        }
      }),
    ),
  ]
}

/** What a transport asks of its carrier. Some far ends know nothing of it: a fault, told as one, is as good. */
export function askedOfCarrier({ options, suite, stepMs, onHost, onLine }: TransportBench): ContractCase[] {
  const to = options.numbers?.[0] ?? NOBODY
  return [
    onLine('transfer', 'a call is handed over, or a ProviderError says why not', async ({ call }) => {
      if (call.transfer === undefined) return
      const { error } = await within(settled(call.transfer(to)), stepMs, 'transfer to settle')
      if (error !== undefined) expectProviderError(error, 'transfer to throw')
    }),
    suite.alone('places', 'a call is placed, or a ProviderError says why not', () =>
      onHost(async (_host, provider) => {
        if (provider.place === undefined) return
        const call = { pipeline: 'contract', to, from: options.numbers?.[1] ?? NOBODY, values: {} }
        const { value, error } = await within(settled(provider.place(call)), stepMs, 'place to settle')
        if (error !== undefined) return expectProviderError(error, 'place to reject with')
        const isId = typeof value?.id === 'string' && value.id !== ''
        expect(isId, 'the id that the call will have', `it is ${JSON.stringify(value)}`)
      }),
    ),
  ]
}
