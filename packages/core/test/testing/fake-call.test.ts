import { describe, expect, it } from 'vitest'
import type { CallPlace, CallRefusal, TransportCallHandlers, TransportHost } from '../../src/index.ts'
import { createFakeCall, createFakeClock, createFakeTransport } from '../../src/testing/index.ts'

const FRAME = new Uint8Array(160).fill(7)

function opened(options = {}) {
  const fake = createFakeClock({ startMs: 0 })
  const far = createFakeCall({ clock: fake.clock, ...options })
  const events: string[] = []
  const handlers: TransportCallHandlers = {
    onMedia: (audio) => events.push(`media ${audio.byteLength} of ${audio[0]}`),
    onDtmf: (digit) => events.push(`dtmf ${digit}`),
    onMark: (name) => events.push(`mark ${name} at ${fake.clock.nowMs()}`),
    onHangUp: (reason) => events.push(`hang-up ${reason}`),
  }
  return { ...fake, far, call: far.call, events, handlers }
}

describe('the fake call', () => {
  it('plays frames one after the other and returns a mark once they were played', async () => {
    const { call, far, events, handlers, advance } = opened()
    call.open(handlers)
    call.send(FRAME)
    call.send(FRAME)
    call.mark('both')
    expect(far.heldMs()).toBe(40)
    await advance(39)
    expect([far.heardMs(), events]).toEqual([39, []])
    await advance(1)
    expect(events).toEqual(['mark both at 40'])
    await advance(100)
    call.send(FRAME)
    expect(far.sent.map((one) => (one.kind === 'frame' ? one.playsAtMs : one.kind))).toEqual([
      0,
      20,
      'mark',
      140,
    ])
  })

  it('discards on clear what was not played, and returns the marks at once', async () => {
    const { call, far, events, handlers, advance, pending } = opened({ returnMs: 3 })
    call.open(handlers)
    for (let frame = 0; frame < 50; frame++) call.send(FRAME)
    call.mark('end')
    await advance(100)
    call.clear()
    expect(far.sent.at(-1)).toEqual({ kind: 'clear', atMs: 100, discardedMs: 900 })
    await advance(3)
    expect(events).toEqual(['mark end at 103'])
    expect([far.heardMs(), far.heldMs(), pending()]).toEqual([100, 0, 0])
  })

  it('holds what comes before open, and overwrites media once the handler has returned', () => {
    const { call, far, events, handlers } = opened()
    far.media(FRAME)
    far.dtmf('5')
    let kept: Uint8Array | undefined
    call.open({
      ...handlers,
      onMedia(audio) {
        handlers.onMedia(audio)
        kept = audio
      },
    })
    expect(events).toEqual(['media 160 of 7', 'dtmf 5'])
    expect(kept?.[0]).not.toBe(7)
  })

  it('ends once, whoever ends it, and then does nothing', async () => {
    const { call, far, events, handlers, advance, pending } = opened({ transferable: true })
    call.open(handlers)
    call.send(FRAME)
    call.mark('never')
    await call.transfer?.('+15550100')
    await call.hangUp()
    far.hangUp()
    far.media(FRAME)
    call.send(FRAME)
    call.clear()
    await advance(100)
    expect(events).toEqual(['hang-up transferred'])
    expect([far.ended, far.transferredTo, far.ignored, pending()]).toEqual(['transferred', '+15550100', 2, 0])
  })

  it('says what the test sets for bufferedBytes', () => {
    const { far } = opened()
    far.setBufferedBytes(4000)
    expect(far.call.bufferedBytes).toBe(4000)
  })
})

it('the fake transport refuses as its host does and ends its calls when it closes', async () => {
  const { clock } = createFakeClock()
  const transport = createFakeTransport({ clock })
  const place: CallPlace = { release() {} }
  let answer: CallPlace | CallRefusal = place
  const host: TransportHost = {
    route() {},
    upgrade() {},
    ownPath: (path) => path,
    once: () => true,
    admit: () => answer,
    admitPromised: () => place,
    onCall() {},
    onPlacedOver() {},
    onUnproven() {},
  }
  transport.provider.attach(host)
  const far = await transport.dial({ id: 'CA1' })
  answer = { refused: 'draining', instead: { how: 'refuse' } }
  await expect(transport.dial()).rejects.toThrow('draining')
  await transport.provider.close()
  expect([far.call.id, far.ended]).toEqual(['CA1', 'shutdown'])
})
