import { createConverter, type DoubleCaller, type DoubleLine, MULAW_8K } from '@kav/core'
import type { PhoneCallHandle, StreamWire } from './phone-call.ts'

/** What a phone call sends, of which a line needs only these. */
interface SentMessage {
  readonly event: string
  readonly media?: { readonly payload: string }
  readonly dtmf?: { readonly digit: string }
  readonly mark?: { readonly name: string }
}

/** A transport's double in place of a media stream: the phone says and hears on it what it would on a socket. */
export interface DoubleWire extends StreamWire {
  /** What the line tells, as the server's messages. */
  readonly heard: Pick<DoubleCaller, 'onAudio' | 'onMark' | 'onClear' | 'onEnd'>
  /** Both ends are there: what came meanwhile is passed on. */
  connect(line: DoubleLine, handle: PhoneCallHandle): void
}

const NORMAL = 1000
const CONNECTION_LOST = 1006

export function createDoubleWire(streamSid: string): DoubleWire {
  let line: DoubleLine | undefined
  let handle: PhoneCallHandle | undefined
  let toLine = createConverter(MULAW_8K, MULAW_8K)
  let fromLine = toLine
  const waiting: (() => void)[] = []

  /** In order, also what came before the phone was there. */
  function whenConnected(act: () => void): void {
    if (handle) act()
    else waiting.push(act)
  }

  function tell(message: object): void {
    handle?.receive(Buffer.from(JSON.stringify(message)), false)
  }

  const SENT: Readonly<Record<string, (message: SentMessage) => void>> = {
    media: ({ media }) => line?.send(toLine.convert(Buffer.from(media?.payload ?? '', 'base64'))),
    dtmf: ({ dtmf }) => line?.press?.(dtmf?.digit ?? ''),
    mark: ({ mark }) => line?.played?.(mark?.name ?? ''),
  }

  return {
    send(text) {
      const message = JSON.parse(text) as SentMessage
      SENT[message.event]?.(message)
    },
    close() {
      void line?.hangUp().then(() => handle?.closed(NORMAL))
    },
    terminate: () => line?.drop(),
    heard: {
      onAudio(lent) {
        const audio = Buffer.from(lent)
        whenConnected(() => {
          const payload = Buffer.from(fromLine.convert(audio)).toString('base64')
          if (payload !== '') tell({ event: 'media', streamSid, media: { payload } })
        })
      },
      onMark: (name) => whenConnected(() => tell({ event: 'mark', streamSid, mark: { name } })),
      onClear: () => whenConnected(() => tell({ event: 'clear', streamSid })),
      onEnd: (by) =>
        whenConnected(() => {
          if (by === 'transferred') handle?.call.endFromCarrier(by)
          else handle?.closed(by === 'agent' ? NORMAL : CONNECTION_LOST)
        }),
    },
    connect(opened, taken) {
      toLine = createConverter(MULAW_8K, opened.format)
      fromLine = createConverter(opened.format, MULAW_8K)
      line = opened
      handle = taken
      for (const act of waiting.splice(0)) act()
    },
  }
}
