import type { CallDirectory } from '../../../contracts/index.ts'
import { expect, fail, until, within, type ContractCase } from '../common/contract-case.ts'
import {
  type DirectoryBench,
  type DirectoryFleet,
  expectRefused,
  offered,
  placeFor,
  watchWords,
} from './directory-bench.ts'

const two = ({ nodes }: DirectoryFleet): readonly [CallDirectory, CallDirectory] => [nodes[0]!, nodes[1]!]

/** What one node knows of another's calls. */
function callsOfOthers({ suite, shows, isGone }: DirectoryBench): ContractCase[] {
  return [
    suite.on('fleet', 'a place that one node has given no other gives', async (fleet) => {
      const [here, there] = two(fleet)
      const one = { maxCalls: 1, maxCallsOfNumber: 0 }
      const place = await placeFor(here, offered('CA1'), one)
      await expectRefused(there, offered('CA2'), one, 'fleet')
      place.release()
      await isGone(fleet, 'CA1')
      await placeFor(there, offered('CA3'), one)
      await expectRefused(here, offered('CA4'), one, 'fleet')
    }),
    suite.on(['fleet', 'number-limit'], 'a number is counted in the whole fleet', async (fleet) => {
      const [here, there] = two(fleet)
      const one = { maxCalls: 0, maxCallsOfNumber: 1 }
      await placeFor(here, offered('CA1', '+15550100'), one)
      await expectRefused(there, offered('CA2', '+15550100'), one, 'number')
      await placeFor(there, offered('CA3', '+15550101'), one)
    }),
    suite.on(
      ['fleet', 'running'],
      'a call that comes to another node than promised it counts once, and is that one',
      async (fleet) => {
        const [here, there] = two(fleet)
        const limits = { maxCalls: 2, maxCallsOfNumber: 0 }
        const promise = await placeFor(here, offered('CA1'), limits)
        const place = there.add(offered('CA1'))
        await shows(fleet, { id: 'CA1', node: there.node, state: 'running' })
        promise.running()
        promise.release()
        await placeFor(here, offered('CA2'), limits)
        await expectRefused(here, offered('CA3'), limits, 'fleet')
        await shows(fleet, { id: 'CA1', node: there.node, state: 'running' })
        place.release()
        await isGone(fleet, 'CA1')
      },
    ),
    suite.on(
      ['fleet', 'former-place'],
      'a call that is claimed at two nodes has one place, at the last of them',
      async (fleet) => {
        const [here, there] = two(fleet)
        const one = { maxCalls: 1, maxCallsOfNumber: 0 }
        const former = await placeFor(here, offered('CA1'), one)
        await shows(fleet, { id: 'CA1', node: here.node })
        const place = await placeFor(there, offered('CA1'), one)
        await shows(fleet, { id: 'CA1', node: there.node, state: 'promised' })
        former.running()
        former.release()
        await expectRefused(here, offered('CA2'), one, 'fleet')
        place.release()
        await isGone(fleet, 'CA1')
      },
    ),
    suite.on(['fleet', 'watch'], 'watchers of every node hear of the calls of each', async (fleet) => {
      const [here, there] = two(fleet)
      const { words } = watchWords(there)
      here.add(offered('CA1')).release()
      const place = here.add(offered('CA2'))
      await shows(fleet, { id: 'CA2' })
      place.release()
      await isGone(fleet, 'CA2')
      // One that came and went at once may never be seen elsewhere.
      const ofTwo = words.filter((word) => word.endsWith('CA2')).join()
      expect(ofTwo === 'began CA2,ended CA2', 'began CA2, ended CA2', `it was told ${words.join(', ')}`)
    }),
  ]
}

/** What becomes of the calls of a node that ends. */
function endOfANode({ suite, stepMs, shows, everywhere }: DirectoryBench): ContractCase[] {
  return [
    suite.on(
      ['fleet', 'end'],
      'a node that ends takes its calls with it, and is missed by nobody',
      async (fleet) => {
        const [here, there] = two(fleet)
        here.add(offered('CA1'))
        await shows(fleet, { id: 'CA1' })
        const { words } = watchWords(there)
        await within(here.close(), stepMs, 'close to resolve')
        await until(() => there.find('CA1') === undefined, stepMs, 'the call to be gone')
        expect(words.join() === 'ended CA1', 'ended CA1', `it was told ${words.join(', ')}`)
        await until(() => there.state().nodes === 1, stepMs, 'one node to be left')
        await everywhere({ ...fleet, nodes: [there] }, 'no call', (node) => node.list().length === 0)
      },
    ),
  ]
}

/** What one node asks of another. */
function askingOthers({ suite, stepMs, shows }: DirectoryBench): ContractCase[] {
  const send = (node: CallDirectory, callId: string, name: string, payload?: unknown) =>
    within(node.command({ callId, name, payload }, stepMs), stepMs, 'the command to settle')
  return [
    suite.on(
      ['fleet', 'command'],
      'a command reaches the owner of a call from any node, and no other',
      async (fleet) => {
        const [here, there] = two(fleet)
        here.onCommand(({ name, payload }) => ({ at: here.node, name, payload }))
        there.onCommand(() => fail('the wrong node'))
        here.add(offered('CA1'))
        await shows(fleet, { id: 'CA1' })
        const outcome = JSON.stringify(await send(there, 'CA1', 'say', { text: 'שלום' }))
        const wanted = { answered: true, answer: { at: here.node, name: 'say', payload: { text: 'שלום' } } }
        expect(outcome === JSON.stringify(wanted), JSON.stringify(wanted), `it is ${outcome}`)
      },
    ),
    suite.on('command-fault', 'what the owner of a call cannot do is told to who asked', async (fleet) => {
      const [here, there] = two(fleet)
      here.add(offered('CA1'))
      await shows(fleet, { id: 'CA1' })
      here.onCommand(() => fail('no such line'))
      const failed = await send(there, 'CA1', 'say')
      expect(
        !failed.answered && failed.why === 'failed' && failed.message === 'no such line',
        'failed, with the words of the handler',
        `it is ${JSON.stringify(failed)}`,
      )
      here.onCommand(() => 1n)
      const unsendable = await send(there, 'CA1', 'count')
      expect(
        !unsendable.answered && unsendable.why === 'failed',
        'failed for an answer that is no JSON',
        `it is ${JSON.stringify(unsendable)}`,
      )
    }),
    suite.on(['fleet', 'once'], 'a key that was used at one node is used at all', async (fleet) => {
      const [here, there] = two(fleet)
      const uses = [
        await here.once('a', 60_000),
        await there.once('a', 60_000),
        await there.once('b', 60_000),
      ]
      expect(uses.join() === 'true,false,true', 'a, a, b to be true, false, true', `it is ${uses.join()}`)
      const both = await Promise.all([here.once('c', 60_000), there.once('c', 60_000)])
      expect(both.filter((first) => first).length === 1, 'one of two at once', `it is ${both.join()}`)
    }),
    suite.on(['fleet', 'pace'], 'all nodes have one pace', async (fleet) => {
      const [here, there] = two(fleet)
      const pace = { burst: 4, perSecond: 1 }
      const answers = await Promise.all(
        [here, there, here, there, here, there].map(async (node) => node.pace('AC1', pace)),
      )
      const went = answers.filter(({ go }) => go).length
      expect(went === 4, '4 of 6 to go', `${went} do`)
    }),
  ]
}

/** What several nodes know of each other. */
export function fleetCases(bench: DirectoryBench): ContractCase[] {
  return [...callsOfOthers(bench), ...endOfANode(bench), ...askingOthers(bench)]
}
