import type { HangUpReason, TransportCallHandlers } from '../../../contracts/index.ts'

/** Everything a call tells the core, kept. */
export interface Hearing {
  readonly handlers: TransportCallHandlers
  /** Copies of the media, in order. */
  readonly media: readonly Uint8Array[]
  readonly marks: readonly string[]
  readonly digits: readonly string[]
  readonly hangUps: readonly HangUpReason[]
  /** Names of events that came after the call was over. */
  readonly afterHangUp: readonly string[]
}

export function hear(): Hearing {
  const media: Uint8Array[] = []
  const marks: string[] = []
  const digits: string[] = []
  const hangUps: HangUpReason[] = []
  const afterHangUp: string[] = []
  const note = (event: string) => {
    if (hangUps.length > 0) afterHangUp.push(event)
  }
  return {
    media,
    marks,
    digits,
    hangUps,
    afterHangUp,
    handlers: {
      onMedia(audio) {
        note('media')
        media.push(new Uint8Array(audio))
      },
      onDtmf(digit) {
        note('dtmf')
        digits.push(digit)
      },
      onMark(name) {
        note('mark')
        marks.push(name)
      },
      onHangUp(reason) {
        hangUps.push(reason)
      },
    },
  }
}
