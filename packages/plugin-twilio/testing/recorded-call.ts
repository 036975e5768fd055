import type { TransportCall } from '@kav/core'

/** A call whose events are kept, in order, as short words: `media 160`, `dtmf 1`, `mark a`, `hang-up caller`. */
export interface RecordedCall {
  readonly call: TransportCall
  readonly events: readonly string[]
  /** All audio so far. */
  audio(): Buffer
  /** Resolves once `count` events have come. */
  until(count: number): Promise<void>
  /** Resolves with the reason when the call is over. */
  readonly over: Promise<string>
}

export function recordCall(call: TransportCall): RecordedCall {
  const events: string[] = []
  const audio: Buffer[] = []
  const waiting: { count: number; resolve(): void }[] = []
  let resolveOver = (_reason: string): void => undefined
  const over = new Promise<string>((resolve) => (resolveOver = resolve))
  const push = (event: string): void => {
    events.push(event)
    for (const waiter of waiting) if (events.length >= waiter.count) waiter.resolve()
  }
  call.open({
    onMedia(bytes) {
      audio.push(Buffer.from(bytes))
      push(`media ${bytes.length}`)
    },
    onDtmf: (digit) => push(`dtmf ${digit}`),
    onMark: (name) => push(`mark ${name}`),
    onHangUp(reason) {
      push(`hang-up ${reason}`)
      resolveOver(reason)
    },
  })
  return {
    call,
    events,
    audio: () => Buffer.concat(audio),
    until: (count) =>
      events.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
    over,
  }
}
