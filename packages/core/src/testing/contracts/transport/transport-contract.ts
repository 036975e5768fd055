import { type CallRefusal, frameBytes, formatName, type PluginContext } from '../../../contracts/index.ts'
import { expect, fail, turn, until, within, type ContractCase, told } from '../common/contract-case.ts'
import { openContractHost } from './contract-host.ts'
import { hostCases, type HostProbe, wordsCases } from '../common/host-cases.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { settled } from '../common/outcome.ts'
import { watchResources } from '../common/resource-watch.ts'
import {
  createTransportBench,
  type TransportBench,
  type TransportContractOptions,
} from './transport-bench.ts'
import { askedOfCarrier } from './transport-carrier.ts'
import { laterCalls } from './transport-later.ts'

export type { FarEnd, TransportContractOptions } from './transport-bench.ts'

/** What goes through a call in both directions. */
function carriedAudio({
  suite,
  stepMs,
  onHost,
  dial,
  onLine,
  frames,
  say,
  expectHeardByAgent,
  expectHeardByCaller,
}: TransportBench): ContractCase[] {
  return [
    onLine('call', 'a call arrives with an id, a format and params', async ({ call }) => {
      expect(typeof call.id === 'string' && call.id !== '', 'a call id', `it is ${JSON.stringify(call.id)}`)
      expect(frameBytes(call.format) > 0, 'a format', `it is ${formatName(call.format)}`)
      const params = Object.values(call.params).every((value) => typeof value === 'string')
      expect(params, 'params that are strings', `they are ${JSON.stringify(call.params)}`)
    }),
    onLine(['media', 'stray-errors'], 'media arrives complete and in order', async (line) => {
      const audio = frames(line.call, 25)
      await say(line, audio)
      await expectHeardByAgent(line, audio, 'as it was said')
    }),
    suite.alone('held', 'nothing is delivered before open, and nothing that came earlier is lost', () =>
      onHost(async (host, provider) => {
        const line = await dial(host, provider, false)
        const audio = frames(line.call, 10)
        await say(line, audio)
        await new Promise((resolve) => setTimeout(resolve, 100))
        line.call.open(line.hearing.handlers)
        const more = frames(line.call, 3, 11)
        await say(line, more)
        await expectHeardByAgent(line, [...audio, ...more], 'when open comes late')
      }),
    ),
    onLine(
      'frames',
      'frames reach the far end complete and in order, though their buffer is only lent',
      async (line) => {
        const audio = frames(line.call, 25, 5)
        // A Buffer is a Uint8Array too, and its slice() does not copy.
        const lent = Buffer.alloc(frameBytes(line.call.format))
        for (const frame of audio) {
          lent.set(frame)
          line.call.send(lent)
          lent.fill(0x15)
        }
        await expectHeardByCaller(line, audio, 'when the buffer is overwritten after send')
      },
    ),
    onLine('buffered', 'bufferedBytes is a number, at rest and under way', async (line) => {
      const fits = () => Number.isFinite(line.call.bufferedBytes) && line.call.bufferedBytes >= 0
      expect(fits(), 'bufferedBytes of 0 or more', `it is ${String(line.call.bufferedBytes)}`)
      for (const frame of frames(line.call, 50)) line.call.send(frame)
      expect(fits(), 'bufferedBytes of 0 or more', `it is ${String(line.call.bufferedBytes)}`)
      await until(() => line.call.bufferedBytes === 0, stepMs, 'bufferedBytes to return to 0')
    }),
  ]
}

/** Marks, clear and keys. */
function marksAndKeys({ stepMs, onLine, frames, marks }: TransportBench): ContractCase[] {
  return [
    onLine('marks', 'a mark returns once, by its name and after those before it', async (line) => {
      if (!marks) return
      for (const name of ['first', 'second', 'third']) {
        for (const frame of frames(line.call, 2)) line.call.send(frame)
        line.call.mark(name)
      }
      await until(
        () => line.hearing.marks.length >= 3,
        stepMs,
        () => `three marks, not [${line.hearing.marks.join(', ')}],`,
      )
      const got = line.hearing.marks.join(', ')
      expect(got === 'first, second, third', 'the marks first, second, third', `they are ${got}`)
    }),
    onLine(
      'clear',
      'clear returns the pending marks long before the audio would have been played',
      async (line) => {
        if (!marks) return
        const clearedInMs = 20 * 1000
        for (const frame of frames(line.call, clearedInMs / 20)) line.call.send(frame)
        line.call.mark('pending')
        line.call.clear()
        await until(
          () => line.hearing.marks.length > 0,
          Math.min(stepMs, clearedInMs / 2),
          'the mark after clear',
        )
        line.call.mark('after')
        await until(() => line.hearing.marks.includes('after'), stepMs, 'a mark that follows the clear')
      },
    ),
    onLine('keys', 'keys arrive in order', async (line) => {
      if (line.farEnd.press === undefined) return
      for (const digit of ['1', '*', '#', '0']) await line.farEnd.press(digit)
      await until(() => line.hearing.digits.length >= 4, stepMs, 'four keys')
      const got = line.hearing.digits.join('')
      expect(got === '1*#0', 'the keys 1*#0', `they are ${got}`)
    }),
  ]
}

/** How one call ends. */
function endedCalls({ stepMs, onLine, frames, say, expectOver }: TransportBench): ContractCase[] {
  return [
    onLine(['hang-up', 'reason'], 'the far end hangs up: onHangUp comes once and last', async (line) => {
      await say(line, frames(line.call, 3))
      await line.farEnd.hangUp()
      await expectOver(line, 'when the far end hangs up')
      const [reason] = line.hearing.hangUps
      expect(reason === 'caller', 'the reason "caller"', `it is "${reason}"`)
    }),
    onLine(['hang-up', 'reason'], 'the connection breaks: onHangUp comes once and last', async (line) => {
      if (line.farEnd.drop === undefined) return
      await say(line, frames(line.call, 3))
      await line.farEnd.drop()
      await expectOver(line, 'when the connection breaks')
      const [reason] = line.hearing.hangUps
      expect(reason === 'transport-error', 'the reason "transport-error"', `it is "${reason}"`)
    }),
    onLine('ends-call', 'hangUp ends the call at the far end, also when called twice', async (line) => {
      const both = Promise.all([line.call.hangUp(), line.call.hangUp()])
      await within(both, stepMs, 'hangUp to resolve')
      await within(line.farEnd.ended, stepMs, 'the call to end at the far end')
      await expectOver(line, 'after hangUp')
      await within(line.call.hangUp(), stepMs, 'hangUp to resolve after the end')
    }),
    onLine('over', 'send, mark and clear do nothing once the call is over', async (line) => {
      await line.farEnd.hangUp()
      await expectOver(line, 'when the far end hangs up')
      try {
        line.call.send(frames(line.call, 1)[0]!)
        line.call.mark('late')
        line.call.clear()
      } catch (thrown) {
        fail(`expected send, mark and clear to do nothing after the end; one threw ${told(thrown)}`)
      }
      await expectOver(line, 'also when something is sent after the end')
      expect(
        Number.isFinite(line.call.bufferedBytes),
        'bufferedBytes to stay a number',
        `it is ${String(line.call.bufferedBytes)}`,
      )
    }),
  ]
}

const REFUSALS: readonly CallRefusal[] = [
  { refused: 'full', instead: { how: 'refuse' } },
  { refused: 'draining', instead: { how: 'elsewhere' } },
  { refused: 'overloaded', instead: { how: 'forward', to: '+15550199' } },
]

/** Several calls, refused ones, and the end of the transport. */
function callsBesideOthers({
  options,
  suite,
  stepMs,
  promptMs,
  onHost,
  dial,
  onLine,
  frames,
  say,
  expectHeardByAgent,
  expectHeardByCaller,
  expectOver,
}: TransportBench): ContractCase[] {
  return [
    onLine('apart', 'two calls at once do not disturb each other', async (one, host, provider) => {
      const two = await dial(host, provider)
      expect(one.call.id !== two.call.id, 'two ids', `both are ${one.call.id}`)
      const [first, second] = [frames(one.call, 8, 1), frames(two.call, 8, 2)]
      await Promise.all([say(one, first), say(two, second)])
      await two.farEnd.hangUp()
      await expectOver(two, 'when its far end hangs up')
      const more = frames(one.call, 4, 3)
      await say(one, more)
      for (const frame of second) one.call.send(frame)
      await expectHeardByAgent(one, [...first, ...more], 'though another call ended')
      await expectHeardByCaller(one, second, 'though another call ended')
      expect(one.hearing.hangUps.length === 0, 'the other call to go on', 'it ended too')
    }),
    ...REFUSALS.map((refusal) =>
      suite.alone(
        'refused',
        `a call that the host refuses never reaches the core (${refusal.instead.how})`,
        () =>
          onHost(async (host, provider) => {
            host.refusal = refusal
            let calls = 0
            host.onCall = () => calls++
            const { value } = await within(
              settled(options.dial(host.url, provider)),
              stepMs,
              'a refused call to be told so',
            )
            if (value !== undefined) await within(value.ended, stepMs, 'a refused call to end')
            expect(calls === 0, 'no onCall while the host refuses', `${calls} came`)
          }),
      ),
    ),
    onLine('place', 'a call takes the place that was asked for it', async (_line, host) => {
      expect(host.promised === 0, 'no place kept beside that of the call', `${host.promised} are kept`)
    }),
    onLine(
      'closes',
      'close ends the calls that are left, each with onHangUp, also when called twice',
      async (line, _host, provider) => {
        await within(provider.close(), stepMs, 'provider.close to resolve during a call')
        await expectOver(line, 'when the transport closes')
        await within(line.farEnd.ended, stepMs, 'the call to end at the far end')
        await within(provider.close(), promptMs, 'provider.close to resolve when called again')
      },
    ),
    suite.alone(
      'nothing-left',
      'nothing is left open after calls that ended on either side or were running at close',
      () =>
        leavesNothingOpen(suite.settleMs, 'the transport and its host were closed', () =>
          onHost(async (host, provider) => {
            const lines = [await dial(host, provider), await dial(host, provider), await dial(host, provider)]
            await lines[0]!.farEnd.hangUp()
            await within(lines[1]!.call.hangUp(), stepMs, 'hangUp to resolve')
            await expectOver(lines[0]!, 'when the far end hangs up')
          }),
        ),
    ),
  ]
}

/** What is alike for all providers, and `attach`. */
function sharedCases({
  options,
  suite,
  onHost,
  dial,
  say,
  frames,
  expectOver,
}: TransportBench): ContractCase[] {
  const exercise: HostProbe['exercise'] = (lent) =>
    onHost(async (host, provider) => {
      const line = await dial(host, provider)
      await say(line, frames(line.call, 3))
      await line.farEnd.hangUp()
      await expectOver(line, 'when the far end hangs up')
    }, lent)
  suite.witness.heard(...(options.numbers ?? []))
  const create = (context: PluginContext) => options.create('http://127.0.0.1:9', context)
  return [
    suite.alone('quiet-attach', 'attach opens nothing and waits for nothing', async () => {
      const host = await openContractHost()
      const provider = await options.create(host.url, suite.witness.lend().context)
      const watch = watchResources()
      watch.run(() => provider.attach(host.host))
      await turn()
      const opened = watch.opened()
      watch.stop()
      await provider.close()
      await host.close()
      expect(opened.length === 0, 'attach to open nothing', `it opened ${opened.join(', ')}`)
    }),
    ...hostCases(suite, { ...options, create }, { exercise }),
    ...wordsCases(suite, { exercise }),
  ]
}

/** The contract of `TransportProvider` and `TransportCall`, one case a sentence. */
export function transportContract(options: TransportContractOptions): ContractCase[] {
  const bench = createTransportBench(options)
  return [
    ...carriedAudio(bench),
    ...marksAndKeys(bench),
    ...endedCalls(bench),
    ...callsBesideOthers(bench),
    ...laterCalls(bench),
    ...askedOfCarrier(bench),
    ...sharedCases(bench),
  ]
}
