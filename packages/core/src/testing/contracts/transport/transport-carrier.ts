import type { OutboundCall, TransportProvider } from '../../../contracts/index.ts'
import { asAssertion, expect, fail, until, within, type ContractCase } from '../common/contract-case.ts'
import type { ContractHost } from './contract-host.ts'
import { expectProviderError, settled } from '../common/outcome.ts'
import type { TransportBench } from './transport-bench.ts'

/** A number of no one, where the far end has none of its own. */
const NOBODY = '+15550199'
/** What a call is placed with: its pipeline, and what comes back among its params. */
const PIPELINE = 'contract'
const VALUES = { word: 'Damson-90210' }

type Bench = TransportBench

/** What a transport asks of its carrier. Some far ends know nothing of it: a fault, told as one, is as good there. */
export function askedOfCarrier(bench: TransportBench): ContractCase[] {
  return [...handedOver(bench), ...placedCalls(bench), ...unansweredCalls(bench), ...unprovenCalls(bench)]
}

function handedOver({ options, stepMs, promptMs, onLine, expectOver }: Bench): ContractCase[] {
  const to = options.numbers?.[0] ?? NOBODY
  const { putThroughTo } = options
  const name = 'a call is handed over and ends as that, or a ProviderError says why not'
  return [
    onLine(putThroughTo === undefined ? 'transfer' : ['transfer', 'transferred'], name, async (line) => {
      const { call, hearing } = line
      const isOwed = putThroughTo !== undefined
      expect(!isOwed || call.transfer !== undefined, 'transfer, since putThroughTo is given', 'there is none')
      if (call.transfer === undefined) return
      const { error } = await within(settled(call.transfer(to)), stepMs, 'transfer to settle')
      if (error !== undefined) expectProviderError(error, 'transfer to throw')
      if (putThroughTo === undefined) {
        if (error === undefined) await hungUp(hearing.hangUps, promptMs)
      } else {
        if (error !== undefined) throw asAssertion(error, 'the network to put the caller through')
        const got = putThroughTo()
        expect(got === to, `the network to be told to put the caller through to ${to}`, `it was told ${got}`)
        await expectOver(line, 'when the call was handed over')
      }
      const odd = error === undefined && hearing.hangUps.find((reason) => reason !== 'transferred')
      expect(!odd, 'a call that was handed over to end as "transferred"', `it ended as "${String(odd)}"`)
    }),
  ]
}

/** A double that puts nobody through need not end the stream, either. */
const hungUp = (hangUps: readonly string[], ms: number) =>
  until(() => hangUps.length > 0, Math.min(ms, 500), 'onHangUp').catch(() => undefined)

const orderOf = ({ numbers = [] }: Bench['options']): OutboundCall => ({
  pipeline: PIPELINE,
  to: numbers[0] ?? NOBODY,
  from: numbers[1] ?? NOBODY,
  values: VALUES,
})

function placedCalls(bench: Bench): ContractCase[] {
  const { options, suite, stepMs, onHost } = bench
  const order = orderOf(options)
  const name = 'a call is placed and comes when it is picked up, or a ProviderError says why not'

  async function comes(host: ContractHost, provider: TransportProvider, id: string): Promise<void> {
    const { frames, say, expectHeardByAgent, expectOver } = bench
    const line = await bench.arrives(host, () => options.pickUp!(host.url, provider))
    expect(line.call.id === id, `the call that was placed, ${id}, to come`, `${line.call.id} came`)
    const offered = host.offered.filter((one) => one.id === id)
    const isFor = offered.some(({ pipeline }) => pipeline === PIPELINE)
    expect(isFor, `a place asked for pipeline "${PIPELINE}"`, `it was asked for ${JSON.stringify(offered)}`)
    expectValues(line.call.params, VALUES)
    const audio = frames(line.call, 3)
    await say(line, audio)
    await expectHeardByAgent(line, audio, 'in a call that was placed')
    await line.farEnd.hangUp()
    await expectOver(line, 'when who was called hangs up')
  }

  return [
    suite.alone(options.pickUp === undefined ? 'places' : ['places', 'placed'], name, () =>
      onHost(async (host, provider) => {
        const isOwed = options.pickUp !== undefined
        expect(!isOwed || provider.place !== undefined, 'place, since pickUp is given', 'there is none')
        if (provider.place === undefined) return
        const { value, error } = await within(settled(provider.place(order)), stepMs, 'place to settle')
        if (error !== undefined) {
          expectProviderError(error, 'place to reject with')
          if (isOwed) throw asAssertion(error, 'the network to place the call')
          return
        }
        const isId = typeof value?.id === 'string' && value.id !== ''
        expect(isId, 'the id that the call will have', `it is ${JSON.stringify(value)}`)
        if (isOwed) await comes(host, provider, value.id)
      }),
    ),
  ]
}

const REASONS: ReadonlySet<unknown> = new Set(['busy', 'no-answer', 'failed', 'canceled'])

function unansweredCalls({ options, suite, stepMs, onHost }: Bench): ContractCase[] {
  const { ringOut } = options
  if (ringOut === undefined) return []
  return [
    suite.alone('placed-over', 'a call that was placed and nobody answers is told as that', () =>
      onHost(async (host, provider) => {
        if (provider.place === undefined) return fail('expected place, since ringOut is given; there is none')
        const { id } = await within(provider.place(orderOf(options)), stepMs, 'place to resolve')
        await within(ringOut(host.url, provider), stepMs, 'the network to say that nobody answers')
        await until(() => host.placedOver.length > 0, stepMs, 'onPlacedOver for a call that rang out')
        const [told] = host.placedOver
        const isRight = told?.id === id && told.pipeline === PIPELINE && REASONS.has(told.reason)
        const wanted = `onPlacedOver of ${id}, for pipeline "${PIPELINE}", with a reason`
        expect(isRight, wanted, `it was ${JSON.stringify(told)}`)
        expect(host.offered.length === 0, 'no place for a call that rang out', 'one was asked for')
      }),
    ),
  ]
}

function unprovenCalls({ options, suite, stepMs, onHost }: Bench): ContractCase[] {
  const { dialUnproven } = options
  if (dialUnproven === undefined) return []
  return [
    suite.alone('unproven', 'who does not prove to be the carrier is turned away', () =>
      onHost(async (host, provider) => {
        let calls = 0
        host.onCall = () => calls++
        await within(settled(dialUnproven(host.url, provider)), stepMs, 'an unproven call to be answered')
        const asked = host.offered.length
        expect(asked === 0, 'no place asked for a call that nothing proves', `${asked} were`)
        expect(calls === 0, 'no call that nothing proves', `${calls} came`)
      }),
    ),
  ]
}

/** Each under its name, or under another one that the network allows. */
export function expectValues(
  params: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): void {
  const got = new Set(Object.values(params))
  const lost = Object.keys(wanted).filter((name) => !got.has(wanted[name]!))
  expect(lost.length === 0, 'the values of the call among its params', `these are not: ${lost.join(', ')}`)
}
