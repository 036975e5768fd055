import {
  frameBytes,
  type PluginContext,
  type TransportCall,
  type TransportProvider,
} from '../../../contracts/index.ts'
import type { PromiseOf } from '../../promises/index.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { openContractHost, type ContractHost } from './contract-host.ts'
import { expect, turn, until, within } from '../common/contract-case.ts'
import { createSuite } from '../common/suite.ts'
import { hear, type Hearing } from './hear-call.ts'

/** The other end of a call, as the network has it. It returns marks as the real one does: when audio was played. */
export interface FarEnd {
  /** Sends caller audio, in the call's format, in order. */
  say(audio: Uint8Array): void | Promise<void>
  /** Presses a key. Absent where the network has none. */
  press?(digit: string): void | Promise<void>
  /** All agent audio that has arrived so far, in order. */
  heard(): Uint8Array
  /** Ends the call in an orderly way. */
  hangUp(): void | Promise<void>
  /** Breaks the connection without a word. Absent where there is none. */
  drop?(): void | Promise<void>
  /** Resolves when the call is over here, whoever ended it. */
  readonly ended: Promise<unknown>
}

export interface TransportContractOptions extends Pick<
  ContractOptions<TransportProvider>,
  'secrets' | 'stepTimeoutMs' | 'promptMs' | 'settleMs'
> {
  /** A fresh provider, told where the world reaches it (`http://127.0.0.1:port`) when it needs to know. */
  create(url: string, context: PluginContext): TransportProvider | Promise<TransportProvider>
  /**
   * Places a call as the network does; resolves when the call is up. Rejects when it is refused. `values` go with the
   * call, where the network can carry any, and come back among its `params`.
   */
  dial(url: string, provider: TransportProvider, values?: Readonly<Record<string, string>>): Promise<FarEnd>
  /** `dial` sends its `values` along. `true`: they must come back among the params of the call. Default `false`. */
  readonly carriesValues?: boolean
  /**
   * Where the network was told last to put a caller through to; it ends the stream then, as the real one does. Present:
   * `transfer` has to work, and the call has to end as `transferred`.
   */
  putThroughTo?(): string | undefined
  /**
   * Offers a call as one does who is not the carrier: without its signature, or with a key that is none. Settles, either
   * way, once it was answered. Present: no place is asked for it, and no call comes of it.
   */
  dialUnproven?(url: string, provider: TransportProvider): Promise<unknown>
  /**
   * The far end of the call that was placed last: somebody picks up, and the network brings the call. Present: `place`
   * has to work, and what comes is that call.
   */
  pickUp?(url: string, provider: TransportProvider): Promise<FarEnd>
  /** The call that was placed last rings out, and the network says so. Present: the host has to hear of it. */
  ringOut?(url: string, provider: TransportProvider): Promise<unknown>
  /** Phone numbers that `dial` calls with: they may be logged under `private` alone. */
  readonly numbers?: readonly string[]
  /** The far end returns marks when audio was played, and at once after `clear`. Default `true`. */
  readonly returnsMarks?: boolean
}

type TransportPromise = PromiseOf<'transport'>

/** A host that nobody calls: for a provider that is made and closed. */
const NOWHERE = 'http://127.0.0.1:9'

/** One call, seen from both sides. */
interface Line {
  readonly call: TransportCall
  readonly farEnd: FarEnd
  readonly hearing: Hearing
}

/** How the cases place a call and judge what both sides heard. */
export function createTransportBench(options: TransportContractOptions) {
  // Every case makes its own provider: a host has one transport for its whole life.
  const suite = createSuite('transport', {
    ...options,
    create: (context: PluginContext) => options.create(NOWHERE, context),
  })
  const { stepMs, promptMs } = suite

  async function onHost(
    body: (host: ContractHost, provider: TransportProvider) => Promise<void>,
    lent = suite.witness.lend(),
  ): Promise<void> {
    const host = await openContractHost()
    try {
      const provider = await options.create(host.url, lent.context)
      provider.attach(host.host)
      try {
        await body(host, provider)
      } finally {
        await within(provider.close(), stepMs, 'provider.close to resolve')
      }
    } finally {
      await host.close()
    }
  }

  /** Places a call; `open` is called at once, as the core does, or by the caller of this function. */
  const dial = (
    host: ContractHost,
    provider: TransportProvider,
    openNow = true,
    values?: Readonly<Record<string, string>>,
  ): Promise<Line> => arrives(host, () => options.dial(host.url, provider, values), openNow)

  /** The call that `bring` brings about. */
  async function arrives(host: ContractHost, bring: () => Promise<FarEnd>, openNow = true): Promise<Line> {
    const hearing = hear()
    const arrived = new Promise<TransportCall>((resolve) => {
      host.onCall = (call) => {
        if (openNow) call.open(hearing.handlers)
        resolve(call)
      }
    })
    const farEnd = await within(bring(), stepMs, 'the call to be taken')
    return { call: await within(arrived, stepMs, 'onCall for the call'), farEnd, hearing }
  }

  const onLine = (
    proves: TransportPromise | readonly TransportPromise[],
    name: string,
    body: (line: Line, host: ContractHost, provider: TransportProvider) => Promise<void>,
  ) =>
    suite.alone(proves, name, () =>
      onHost(async (host, provider) => body(await dial(host, provider), host, provider)),
    )

  const marks = options.returnsMarks ?? true

  return {
    options,
    suite,
    stepMs,
    promptMs,
    onHost,
    dial,
    arrives,
    onLine,
    frames,
    say,
    ...createLineChecks(stepMs),
    marks,
  }
}
export type TransportBench = ReturnType<typeof createTransportBench>

/** Frames that can be told apart, and never of silence. */
function frames(call: TransportCall, count: number, seed = 0): Uint8Array[] {
  const size = frameBytes(call.format)
  return Array.from({ length: count }, (_value, frame) =>
    Uint8Array.from({ length: size }, (_byte, index) => 1 + ((seed + frame * 37 + index * 3) % 120)),
  )
}

async function say({ farEnd }: Line, audio: readonly Uint8Array[]): Promise<void> {
  for (const frame of audio) await farEnd.say(frame)
}

/** What both sides of a call must have heard. */
function createLineChecks(stepMs: number) {
  async function expectHeardByAgent(line: Line, audio: readonly Uint8Array[], when: string): Promise<void> {
    const wanted = Buffer.concat(audio)
    const got = () => Buffer.concat(line.hearing.media)
    await until(
      () => got().byteLength >= wanted.byteLength,
      stepMs,
      () => `${wanted.byteLength} bytes of media ${when}, not ${got().byteLength},`,
    )
    expect(got().equals(wanted), `the caller's audio complete and in order ${when}`, 'it differs')
  }

  async function expectHeardByCaller(line: Line, audio: readonly Uint8Array[], when: string): Promise<void> {
    const wanted = Buffer.concat(audio)
    const got = () => Buffer.from(line.farEnd.heard())
    await until(
      () => got().byteLength >= wanted.byteLength,
      stepMs,
      () => `${wanted.byteLength} bytes at the far end ${when}, not ${got().byteLength},`,
    )
    expect(got().equals(wanted), `the agent's audio complete and in order ${when}`, 'it differs')
  }

  async function expectOver({ hearing }: Line, when: string): Promise<void> {
    await until(() => hearing.hangUps.length > 0, stepMs, `onHangUp ${when}`)
    await turn()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(
      hearing.hangUps.length === 1,
      `onHangUp exactly once ${when}`,
      `it came ${hearing.hangUps.length} times`,
    )
    expect(
      hearing.afterHangUp.length === 0,
      `onHangUp to be the last event ${when}`,
      `then came: ${hearing.afterHangUp.join(', ')}`,
    )
  }

  return { expectHeardByAgent, expectHeardByCaller, expectOver }
}
