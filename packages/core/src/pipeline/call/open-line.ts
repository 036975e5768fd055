import type { Clock } from '../../contracts/clock.ts'
import type { TransportCall } from '../../contracts/transport.ts'
import { catchPromised } from '../../kit/promised-nothing.ts'
import { nowUs } from '../../kit/whole-us.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { RxIntake } from '../hearing/rx-intake.ts'
import type { TxPath } from '../speaking/tx-path.ts'
import type { Conversation } from '../turns/conversation.ts'
import type { CallEnd } from './call-end.ts'
import { createKeyGate } from './key-gate.ts'
import { lineHandlers } from './line-handlers.ts'

export interface OpenLineParts {
  readonly call: Pick<TransportCall, 'open'>
  readonly intake: RxIntake
  readonly tx: Pick<TxPath, 'worker'>
  readonly conversation: Pick<Conversation, 'onDtmf'>
  readonly end: Pick<CallEnd, 'fromTheirSide'>
  readonly clock: Clock
  readonly telemetry: CallTelemetry
  /** A fault of the transport, whenever it comes. */
  readonly onFault: (fault: unknown) => void
}

/** From now on the far end's audio, keys, marks and hang-up come in. Throws what the transport throws at once. */
export function openLine(parts: OpenLineParts): void {
  const { call, intake, tx, conversation, end, clock, telemetry, onFault } = parts
  const heard = {
    onMedia: (audio: Uint8Array) => intake.onMedia(audio),
    onDtmf: createKeyGate(clock, telemetry, (digit) => conversation.onDtmf(digit)),
    onMark: (name: string) => tx.worker.markReturned(name, nowUs(clock)),
    onHangUp: end.fromTheirSide,
  }
  const opened: unknown = call.open(lineHandlers(heard, onFault))
  catchPromised(opened, onFault)
}
