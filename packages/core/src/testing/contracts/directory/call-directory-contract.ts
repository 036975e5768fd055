import { type CallDirectory, type CommandOutcome, MAX_ONCE_MS } from '../../../contracts/index.ts'
import { expect, fail, turn, until, within, type ContractCase } from '../common/contract-case.ts'
import {
  type CallDirectoryContractOptions,
  createDirectoryBench,
  type DirectoryBench,
  expectRefused,
  isLike,
  NO_LIMITS,
  offered,
  placeFor,
  watchWords,
} from './directory-bench.ts'
import { fleetCases } from './directory-fleet-cases.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'

export type { CallDirectoryContractOptions, DirectoryFleet } from './directory-bench.ts'

/** What a place is. */
function places({ suite, shows, isGone }: DirectoryBench): ContractCase[] {
  return [
    suite.on('place', 'a claimed call is promised, then runs, then is gone', async (fleet) => {
      const node = fleet.nodes[0]!
      const place = await placeFor(node, offered('CA1', '+15550100'))
      const told = { id: 'CA1', pipeline: 'front-desk', number: '+15550100', node: node.node }
      await shows(fleet, { ...told, state: 'promised' })
      place.running()
      await shows(fleet, { ...told, state: 'running' })
      place.release()
      await isGone(fleet, 'CA1')
      expect(node.list().length === 0, 'an empty list', `it is ${JSON.stringify(node.list())}`)
    }),
    suite.on('place', 'a call that was placed is known as that', async (fleet) => {
      const place = await placeFor(fleet.nodes[0]!, { ...offered('CA1'), direction: 'out' })
      await shows(fleet, { id: 'CA1', direction: 'out', state: 'promised' })
      place.running()
      await shows(fleet, { id: 'CA1', direction: 'out', state: 'running' })
    }),
    suite.on('running', 'a call that was not promised here runs all the same', async (fleet) => {
      const place = fleet.nodes[0]!.add(offered('CA 1/ä'))
      await shows(fleet, { id: 'CA 1/ä', state: 'running' })
      place.release()
      await isGone(fleet, 'CA 1/ä')
    }),
    suite.on(
      'former-place',
      'a call that has a place gets it again, and the former place is worth nothing',
      async (fleet) => {
        const node = fleet.nodes[0]!
        const limits = { maxCalls: 1, maxCallsOfNumber: 0 }
        const former = await placeFor(node, offered('CA1'), limits)
        former.running()
        const again = await placeFor(node, offered('CA1'), limits)
        expect(isLike(node.find('CA1'), { state: 'running' }), 'the call to run', 'it does not')
        former.release()
        await shows(fleet, { id: 'CA1', state: 'running' })
        again.release()
        await isGone(fleet, 'CA1')
      },
    ),
    suite.on('former-place', 'a place does nothing once it was released', async (fleet) => {
      const node = fleet.nodes[0]!
      const former = await placeFor(node, offered('CA1'))
      former.release()
      former.running()
      former.release()
      await isGone(fleet, 'CA1')
      const next = await placeFor(node, offered('CA1'))
      former.running()
      former.release()
      await shows(fleet, { id: 'CA1', state: 'promised' })
      next.release()
    }),
  ]
}

/** Who is refused. */
function limits({ suite }: DirectoryBench): ContractCase[] {
  return [
    suite.on('limits', 'the last place is given once, and again when it is free', async (fleet) => {
      const node = fleet.nodes[0]!
      const two = { maxCalls: 2, maxCallsOfNumber: 0 }
      const first = await placeFor(node, offered('CA1'), two)
      ;(await placeFor(node, offered('CA2'), two)).running()
      await expectRefused(node, offered('CA3'), two, 'fleet')
      first.release()
      await placeFor(node, offered('CA4'), two)
      await expectRefused(node, offered('CA5'), two, 'fleet')
    }),
    suite.on('number-limit', 'a number has its own limit, and calls without one have none', async (fleet) => {
      const node = fleet.nodes[0]!
      const one = { maxCalls: 0, maxCallsOfNumber: 1 }
      const first = await placeFor(node, offered('CA1', '+15550100'), one)
      await expectRefused(node, offered('CA2', '+15550100'), one, 'number')
      await placeFor(node, offered('CA3', '+15550101'), one)
      await placeFor(node, offered('CA4'), one)
      await placeFor(node, offered('CA5'), one)
      first.release()
      await placeFor(node, offered('CA6', '+15550100'), one)
    }),
    suite.on('no-limit', '0 is no limit', async (fleet) => {
      for (const id of ['CA1', 'CA2', 'CA3']) await placeFor(fleet.nodes[0]!, offered(id, '+15550100'))
    }),
    suite.on('running', 'a call that runs is never refused, and counts', async (fleet) => {
      const node = fleet.nodes[0]!
      const one = { maxCalls: 1, maxCallsOfNumber: 0 }
      node.add(offered('CA1'))
      node.add(offered('CA2'))
      const { running, promised } = node.state()
      expect(running === 2 && promised === 0, '2 running calls', `${running} run, ${promised} are promised`)
      await expectRefused(node, offered('CA3'), one, 'fleet')
    }),
    suite.on('limits', 'of many claims at once as many are given as there are places', async (fleet) => {
      const five = { maxCalls: 5, maxCallsOfNumber: 0 }
      const decisions = await Promise.all(
        Array.from({ length: 40 }, async (_value, index) =>
          fleet.nodes[index % fleet.nodes.length]!.claim(offered(`CA${index}`), five),
        ),
      )
      const given = decisions.filter((decision) => !('refused' in decision)).length
      expect(given === 5, '5 places to be given', `${given} were`)
    }),
  ]
}

/** What is told to watchers. */
function watching({ suite, stepMs }: DirectoryBench): ContractCase[] {
  return [
    suite.on(
      'watch',
      'watchers hear of running calls alone: once that one began, once that it ended',
      async (fleet) => {
        const node = fleet.nodes[0]!
        const { words, stop } = watchWords(node)
        const never = await placeFor(node, offered('CA0'))
        never.release()
        const place = await placeFor(node, offered('CA1'))
        place.running()
        place.running()
        place.release()
        place.release()
        await until(
          () => words.length >= 2,
          stepMs,
          () => `two events, not [${words.join(', ')}],`,
        )
        await turn()
        expect(
          words.join() === 'began CA1,ended CA1',
          'began CA1, ended CA1',
          `it was told ${words.join(', ')}`,
        )
        stop()
        stop()
        node.add(offered('CA2'))
        expect(words.length === 2, 'nothing to be told after the end', `it was told ${words.join(', ')}`)
      },
    ),
    suite.on('watch-throws', 'a watcher that throws disturbs nobody', async (fleet) => {
      const node = fleet.nodes[0]!
      node.watch(() => fail('a watcher'))
      const { words } = watchWords(node)
      node.add(offered('CA1'))
      await until(() => words.length > 0, stepMs, 'the next watcher to be told')
    }),
  ]
}

const told = (outcome: CommandOutcome): string => JSON.stringify(outcome)

/** Commands for calls of the same node; `directory-fleet-cases.ts` has those for others. */
function commands({ suite, stepMs }: DirectoryBench): ContractCase[] {
  const send = (node: CallDirectory, callId: string, name: string) =>
    within(node.command({ callId, name, payload: [1] }, stepMs), stepMs, 'the command to settle')
  return [
    suite.on('command', 'a command is done by the handler of its node, and answered', async (fleet) => {
      const node = fleet.nodes[0]!
      node.add(offered('CA1'))
      const before = await send(node, 'CA1', 'say')
      expect(!before.answered && before.why === 'failed', 'failed without a handler', told(before))
      node.onCommand(({ callId, name, payload }) => ({ callId, name, payload }))
      const outcome = await send(node, 'CA1', 'say')
      const wanted = told({ answered: true, answer: { callId: 'CA1', name: 'say', payload: [1] } })
      expect(told(outcome) === wanted, wanted, told(outcome))
    }),
    suite.on('command-fault', 'what stands in the way of a command is told apart', async (fleet) => {
      const node = fleet.nodes[0]!
      node.add(offered('CA1'))
      node.onCommand(({ name }) => (name === 'hang' ? new Promise(() => {}) : fail('no such line')))
      const unknown = await send(node, 'CA2', 'say')
      expect(!unknown.answered && unknown.why === 'unknown-call', 'unknown-call', told(unknown))
      const failed = await send(node, 'CA1', 'say')
      expect(!failed.answered && failed.why === 'failed', 'failed', told(failed))
      expect(!failed.answered && failed.message === 'no such line', "the handler's words", told(failed))
      const hanging = node.command({ callId: 'CA1', name: 'hang' }, 50)
      await turn()
      await fleet.pass(60)
      const late = await within(hanging, stepMs, 'the command to settle')
      expect(!late.answered && late.why === 'no-answer', 'no-answer', told(late))
    }),
  ]
}

/** Keys that are used once, and paces. */
function onceAndPace({ suite, stepMs }: DirectoryBench): ContractCase[] {
  return [
    suite.on('once', 'a key is used once', async (fleet) => {
      const node = fleet.nodes[0]!
      const uses = [await node.once('a', 60_000), await node.once('a', 60_000), await node.once('b', 60_000)]
      expect(uses.join() === 'true,false,true', 'a, a, b to be true, false, true', `it is ${uses.join()}`)
      const both = await Promise.all([node.once('c', 60_000), node.once('c', 60_000)])
      expect(both.filter((first) => first).length === 1, 'one of two at once', `it is ${both.join()}`)
    }),
    suite.on(
      'once-bound',
      'a key that is to be remembered too long, or not at all, is a RangeError',
      async (fleet) => {
        for (const forMs of [MAX_ONCE_MS + 1, 0, Number.NaN]) {
          let thrown: unknown
          try {
            await fleet.nodes[0]!.once('a', forMs)
          } catch (error) {
            thrown = error
          }
          expect(thrown instanceof RangeError, `a RangeError for ${forMs} ms`, `it is ${String(thrown)}`)
        }
      },
    ),
    suite.on('pace', 'so many go at once, then one when its time has come', async (fleet) => {
      const node = fleet.nodes[0]!
      const pace = { burst: 3, perSecond: 2 }
      const go = async (key: string) => node.pace(key, pace)
      const answers = [await go('AC1'), await go('AC1'), await go('AC1'), await go('AC1')]
      const went = answers.map((answer) => answer.go).join()
      expect(went === 'true,true,true,false', 'three to go of four', `it is ${went}`)
      expect((await go('AC2')).go, 'another key to have its own pace', 'it has not')
      const last = answers[3]!
      if (last.go) return
      expect(
        last.retryInMs > 0 && last.retryInMs <= 500,
        'a wait of half a second at most',
        `it is ${last.retryInMs}`,
      )
      await fleet.pass(last.retryInMs + 1)
      const then = await within(go('AC1'), stepMs, 'the pace to answer')
      expect(then.go, 'one to go after its wait', 'it does not')
      expect(!(await go('AC1')).go, 'the next to wait again', 'it goes')
    }),
  ]
}

/** Notices, the state and the end. */
function noticesAndEnd({ suite, stepMs }: DirectoryBench): ContractCase[] {
  return [
    suite.on('notice', 'a notice is taken, and kept once', async (fleet) => {
      const node = fleet.nodes[0]!
      for (const id of ['R1', 'R1', 'R2'])
        expect(node.tell({ kind: 'call-record', id, body: { id } }), 'room for a notice', 'there is none')
      expect(
        !node.tell({ kind: 'call-record', id: 'R3', body: 1n }),
        'no room for what is no JSON',
        'there is',
      )
      if (fleet.notices === undefined) return
      let kept: readonly string[] = []
      for (let tries = 0; tries < 200 && !kept.includes('R2'); tries++) kept = await fleet.notices()
      expect(kept.join() === 'R1,R2', 'R1 and R2 to be kept', `it is ${kept.join()}`)
    }),
    suite.on('state', 'the state names the node, and says that all nodes are there', async (fleet) => {
      for (const node of fleet.nodes) {
        const { node: name, connected, nodes } = node.state()
        const same = name === node.node && connected && nodes === fleet.nodes.length
        expect(same, `${node.node}, connected to ${fleet.nodes.length}`, JSON.stringify(node.state()))
      }
    }),
    suite.on(
      'end',
      'the end ends the places of a node, twice without harm, and nothing throws after it',
      async (fleet) => {
        const node = fleet.nodes[0]!
        const { words } = watchWords(node)
        const place = node.add(offered('CA1'))
        await within(node.close(), stepMs, 'close to resolve')
        await within(node.close(), stepMs, 'close to resolve again')
        expect(
          words.join() === 'began CA1,ended CA1',
          'began CA1, ended CA1',
          `it was told ${words.join(', ')}`,
        )
        place.release()
        await within(Promise.resolve(node.claim(offered('CA2'), NO_LIMITS)), stepMs, 'a claim to settle')
        await within(Promise.resolve(node.once('a', 1000)), stepMs, 'once to settle')
        await within(node.command({ callId: 'CA9', name: 'say' }, 50), stepMs, 'a command to settle')
      },
    ),
    suite.alone(
      'nothing-left',
      'nothing is left open when the nodes were closed, calls and all',
      async () => {
        await leavesNothingOpen(suite.settleMs, 'the nodes were closed', async () => {
          const fleet = await suite.create()
          fleet.nodes[0]!.add(offered('CA1'))
          fleet.nodes[0]!.watch(() => undefined)
          await within(fleet.close(), stepMs, 'close to resolve')
        })
      },
    ),
  ]
}

/** The contract of `CallDirectory`, one case a sentence. */
export function callDirectoryContract(options: CallDirectoryContractOptions): ContractCase[] {
  const bench = createDirectoryBench(options)
  return [
    ...places(bench),
    ...limits(bench),
    ...watching(bench),
    ...commands(bench),
    ...onceAndPace(bench),
    ...noticesAndEnd(bench),
    ...(options.nodes === 2 ? fleetCases(bench) : []),
    bench.suite.last('end', 'the fleet closes, also twice'),
  ]
}
