import { frameBytes, formatName, type TransportCall, type TransportProvider } from '../../contracts/index.ts'
import { openContractHost, type ContractHost } from './contract-host.ts'
import { createSuite, expect, fail, turn, until, within, type ContractCase, told } from './contract-case.ts'
import { hear, type Hearing } from './hear-call.ts'
import { leavesNothingOpen } from './open-handles.ts'
import { settled } from './outcome.ts'

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

export interface TransportContractOptions {
  /** A fresh provider, told where the world reaches it (`http://127.0.0.1:port`) when it needs to know. */
  create(url: string): TransportProvider | Promise<TransportProvider>
  /** Places a call as the network does; resolves when the call is up. Rejects when it is refused. */
  dial(url: string, provider: TransportProvider): Promise<FarEnd>
  /** The far end returns marks when audio was played, and at once after `clear`. Default `true`. */
  readonly returnsMarks?: boolean
  readonly stepTimeoutMs?: number
  readonly promptMs?: number
  readonly settleMs?: number
}

/** One call, seen from both sides. */
interface Line {
  readonly call: TransportCall
  readonly farEnd: FarEnd
  readonly hearing: Hearing
}

/** The contract of `TransportProvider` and `TransportCall`, one case a sentence. */
export function transportContract(options: TransportContractOptions): ContractCase[] {
  // Every case makes its own provider: a host has one transport for its whole life.
  const suite = createSuite<TransportProvider>({
    create: () => fail('a transport is made with its host'),
    ...(options.stepTimeoutMs !== undefined && { stepTimeoutMs: options.stepTimeoutMs }),
    ...(options.promptMs !== undefined && { promptMs: options.promptMs }),
    ...(options.settleMs !== undefined && { settleMs: options.settleMs }),
  })
  const { stepMs, promptMs } = suite

  async function onHost(
    body: (host: ContractHost, provider: TransportProvider) => Promise<void>,
  ): Promise<void> {
    const host = await openContractHost()
    try {
      const provider = await options.create(host.url)
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
  async function dial(host: ContractHost, provider: TransportProvider, openNow = true): Promise<Line> {
    const hearing = hear()
    const arrived = new Promise<TransportCall>((resolve) => {
      host.onCall = (call) => {
        if (openNow) call.open(hearing.handlers)
        resolve(call)
      }
    })
    const farEnd = await within(options.dial(host.url, provider), stepMs, 'the call to be taken')
    return { call: await within(arrived, stepMs, 'onCall for the call'), farEnd, hearing }
  }

  const onLine = (
    name: string,
    body: (line: Line, host: ContractHost, provider: TransportProvider) => Promise<void>,
  ) =>
    suite.alone(name, () =>
      onHost(async (host, provider) => body(await dial(host, provider), host, provider)),
    )

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

  const marks = options.returnsMarks ?? true

  return [
    onLine('a call arrives with an id, a format and params', async ({ call }) => {
      expect(typeof call.id === 'string' && call.id !== '', 'a call id', `it is ${JSON.stringify(call.id)}`)
      expect(frameBytes(call.format) > 0, 'a format', `it is ${formatName(call.format)}`)
      const params = Object.values(call.params).every((value) => typeof value === 'string')
      expect(params, 'params that are strings', `they are ${JSON.stringify(call.params)}`)
    }),
    onLine('media arrives complete and in order', async (line) => {
      const audio = frames(line.call, 25)
      await say(line, audio)
      await expectHeardByAgent(line, audio, 'as it was said')
    }),
    suite.alone('nothing is delivered before open, and nothing that came earlier is lost', () =>
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
    onLine('bufferedBytes is a number, at rest and under way', async (line) => {
      const fits = () => Number.isFinite(line.call.bufferedBytes) && line.call.bufferedBytes >= 0
      expect(fits(), 'bufferedBytes of 0 or more', `it is ${String(line.call.bufferedBytes)}`)
      for (const frame of frames(line.call, 50)) line.call.send(frame)
      expect(fits(), 'bufferedBytes of 0 or more', `it is ${String(line.call.bufferedBytes)}`)
      await until(() => line.call.bufferedBytes === 0, stepMs, 'bufferedBytes to return to 0')
    }),
    onLine('a mark returns once, by its name and after those before it', async (line) => {
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
    onLine('clear returns the pending marks long before the audio would have been played', async (line) => {
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
    }),
    onLine('keys arrive in order', async (line) => {
      if (line.farEnd.press === undefined) return
      for (const digit of ['1', '*', '#', '0']) await line.farEnd.press(digit)
      await until(() => line.hearing.digits.length >= 4, stepMs, 'four keys')
      const got = line.hearing.digits.join('')
      expect(got === '1*#0', 'the keys 1*#0', `they are ${got}`)
    }),
    onLine('the far end hangs up: onHangUp comes once and last', async (line) => {
      await say(line, frames(line.call, 3))
      await line.farEnd.hangUp()
      await expectOver(line, 'when the far end hangs up')
    }),
    onLine('the connection breaks: onHangUp comes once and last', async (line) => {
      if (line.farEnd.drop === undefined) return
      await say(line, frames(line.call, 3))
      await line.farEnd.drop()
      await expectOver(line, 'when the connection breaks')
    }),
    onLine('hangUp ends the call at the far end, also when called twice', async (line) => {
      const both = Promise.all([line.call.hangUp(), line.call.hangUp()])
      await within(both, stepMs, 'hangUp to resolve')
      await within(line.farEnd.ended, stepMs, 'the call to end at the far end')
      await expectOver(line, 'after hangUp')
      await within(line.call.hangUp(), stepMs, 'hangUp to resolve after the end')
    }),
    onLine('send, mark and clear do nothing once the call is over', async (line) => {
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
    onLine('two calls at once do not disturb each other', async (one, host, provider) => {
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
    suite.alone('a call that the host refuses never reaches the core', () =>
      onHost(async (host, provider) => {
        host.refusal = 'full'
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
    onLine(
      'close ends the calls that are left, each with onHangUp, also when called twice',
      async (line, _host, provider) => {
        await within(provider.close(), stepMs, 'provider.close to resolve during a call')
        await expectOver(line, 'when the transport closes')
        await within(line.farEnd.ended, stepMs, 'the call to end at the far end')
        await within(provider.close(), promptMs, 'provider.close to resolve when called again')
      },
    ),
    suite.alone('nothing is left open after calls that ended on either side or were running at close', () =>
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
