import { expect, type ContractCase } from '../common/contract-case.ts'
import type { TransportBench } from './transport-bench.ts'
import { expectValues } from './transport-carrier.ts'

/** So many calls one after the other: what a transport keeps of the first ones shows. */
const CALLS = 3
/** Nobody sends it by chance. */
const MARK = 'Kumquat-48213'

/** What a transport owes behind its first call. */
export function laterCalls(bench: TransportBench): ContractCase[] {
  const { options, suite, onHost, dial, frames, say, expectHeardByAgent, expectHeardByCaller, expectOver } =
    bench
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
    suite.alone(
      options.carriesValues === true ? ['values', 'later'] : 'later',
      'the params of a call are its own',
      () =>
        onHost(async (host, provider) => {
          for (const values of [{ word: MARK }, undefined]) {
            const line = await dial(host, provider, true, values)
            if (options.carriesValues === true) expectValues(line.call.params, values ?? {})
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
