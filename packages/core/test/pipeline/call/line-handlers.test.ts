import { describe, expect, it } from 'vitest'
import type { TransportCallHandlers } from '../../../src/contracts/index.ts'
import { createCallRig } from '../call-rig.ts'

/** A call whose transport can be made to tell anything. */
async function onCall() {
  const rig = createCallRig()
  let line: TransportCallHandlers | undefined
  const { open } = rig.far.call
  rig.far.call.open = (handlers) => {
    line = handlers
    return open.call(rig.far.call, handlers)
  }
  const session = rig.start()
  await rig.silence(300)
  return { rig, session, line: line! }
}

const trap = new Proxy({}, { get: throws, getPrototypeOf: throws })
function throws(): never {
  throw new Error('trap')
}

describe('a transport that promises to open its line', () => {
  it('and does not: the call ends with its fault', async () => {
    const rig = createCallRig()
    Object.assign(rig.far.call, { open: () => Promise.reject(new Error('no such line')) })
    const session = rig.start()
    await rig.wait(6000)
    expect((await session.done).endedBy).toBe('failure')
    expect(rig.of('stage_failed').map((event) => event.private['error'])).toEqual([
      expect.stringContaining('no such line'),
    ])
  })
})

describe('a transport that tells what its contract does not say', () => {
  it.each<[keyof TransportCallHandlers, unknown]>([
    ['onMedia', undefined],
    ['onMedia', new ArrayBuffer(160)],
    ['onMedia', 7],
    ['onMedia', { length: Number.NaN }],
    ['onMedia', trap],
    ['onDtmf', 'abc'],
    ['onDtmf', 5],
    ['onDtmf', Symbol('key')],
    ['onMark', undefined],
  ])('does not hear of it, and its call ends with the fault of a plugin: %s, %#', async (method, given) => {
    const { rig, session, line } = await onCall()
    expect(() => line[method](given as never)).not.toThrow()
    await rig.silence(500)
    const { endedBy, counters } = await session.done
    expect(endedBy).toBe('failure')
    expect(rig.of('stage_failed').map((event) => event.private['error'])).toEqual([
      expect.stringMatching(new RegExp(`^the line: ${method} was given`)),
    ])
    expect(Object.values(counters).every(Number.isFinite)).toBe(true)
    expect(rig.time.pending()).toBe(0)
  })

  it.each([undefined, null, 'bye', 7])(
    'ends for a reason of its own: by the transport (%s)',
    async (reason) => {
      const { rig, session, line } = await onCall()
      line.onHangUp(reason as never)
      await rig.wait(6000)
      expect((await session.done).endedBy).toBe('transport-error')
    },
  )
})
