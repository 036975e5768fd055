import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import {
  ProviderError,
  type AudioFormat,
  type HangUpReason,
  type PluginContext,
  type TransportCall,
} from '@kav/core'
import { createHeldEvents } from './held-events.ts'
import { createPendingMarks } from './pending-marks.ts'
import type { CallControl } from './rest-client.ts'
import { createStreamWriter } from './stream-writer.ts'
import { parseDialTarget } from './twiml.ts'

export interface TwilioCallOptions {
  readonly callSid: string
  readonly streamSid: string
  readonly format: AudioFormat
  readonly params: Readonly<Record<string, string>>
  readonly socket: WebSocket
  /** What was upgraded: media is written to it directly. */
  readonly connection: Duplex
  /** Absent without REST credentials: no transfer then, and hanging up closes the stream. */
  readonly control: CallControl | undefined
  readonly endTimeoutMs: number
  readonly context: PluginContext
  /** Closes the stream in an orderly way; the call ends with it. */
  readonly closeStream: () => void
}

/** One call, seen from both sides: what the core holds, and what its stream reports. */
export interface TwilioCall {
  readonly transportCall: TransportCall
  media(audio: Uint8Array): void
  dtmf(digit: string): void
  mark(name: string): void
  /** The stream is over. Only the first time counts. */
  end(reason: HangUpReason): void
}

const OPEN = 1

/**
 * A class only for its getter: V8 keeps an object with a getter of its own as a slow dictionary, and this one is
 * asked for every frame.
 */
class SocketBuffer {
  readonly #connection: Duplex
  readonly #isOver: () => boolean

  constructor(connection: Duplex, isOver: () => boolean) {
    this.#connection = connection
    this.#isOver = isOver
  }

  get bufferedBytes(): number {
    return this.#isOver() ? 0 : this.#connection.writableLength
  }
}

export function createTwilioCall(options: TwilioCallOptions): TwilioCall {
  const { callSid, socket, control, context } = options
  const writer = createStreamWriter(socket, options.connection, options.streamSid)
  const marks = createPendingMarks()
  const events = createHeldEvents(() => context.metrics.count('twilio_held_events_dropped_total'))
  let over = false
  let hangingUp: Promise<void> | undefined
  /** Why the stream will end, once we have asked for its end: whatever the stream says then. */
  let askedFor: HangUpReason | undefined
  let signalOver = (): void => undefined
  const overAtLast = new Promise<void>((resolve) => (signalOver = resolve))

  const writable = (): boolean => !over && socket.readyState === OPEN

  /** Resolves when the call is over; closes the stream if Twilio takes too long to do so. */
  const awaitEnd = async (): Promise<void> => {
    const cancel = context.clock.after(options.endTimeoutMs, options.closeStream)
    await overAtLast
    cancel()
  }

  const hangUp = async (): Promise<void> => {
    askedFor ??= 'agent'
    if (control === undefined) {
      options.closeStream()
    } else {
      try {
        await control.complete(callSid)
      } catch (thrown) {
        context.log.warn(
          { callSid, error: thrown },
          'TWILIO: hang-up by REST failed, closing the stream instead',
        )
        options.closeStream()
      }
    }
    await awaitEnd()
  }

  const transfer = async (by: CallControl, to: string): Promise<void> => {
    const target = parseDialTarget(to)
    if (target === undefined) {
      throw new ProviderError(
        'bad-request',
        'Cannot transfer: the target is neither an E.164 number (+15551234567) nor a SIP address (sip:name@host)',
        { details: { callSid } },
      )
    }
    if (over || askedFor !== undefined) {
      throw new ProviderError('bad-request', 'Cannot transfer: the call is over or ending', {
        details: { callSid },
      })
    }
    // Before the request, because the stream may stop before its answer is here.
    askedFor = 'transferred'
    try {
      await by.redirect(callSid, target)
    } catch (thrown) {
      if (!over) askedFor = hangingUp === undefined ? undefined : 'agent'
      throw thrown
    }
    await awaitEnd()
  }

  const wire: Omit<TransportCall, 'bufferedBytes'> = {
    id: callSid,
    format: options.format,
    params: options.params,
    open: (handlers) => events.open(handlers),
    send(frame) {
      if (writable()) writer.media(frame)
    },
    mark(name) {
      if (!writable()) return
      marks.sent(name)
      writer.mark(name)
    },
    clear() {
      if (!writable()) return
      marks.cleared()
      writer.clear()
    },
    hangUp: () => (hangingUp ??= over ? Promise.resolve() : hangUp()),
    ...(control === undefined ? {} : { transfer: (to: string) => transfer(control, to) }),
  }
  const transportCall: TransportCall = Object.assign(new SocketBuffer(options.connection, () => over), wire)

  return {
    transportCall,
    media(audio) {
      if (!over) events.onMedia(audio)
    },
    dtmf(digit) {
      if (!over) events.onDtmf(digit)
    },
    mark(name) {
      if (over) return
      const state = marks.returned(name)
      context.metrics.count('twilio_marks_total', 1, { state })
      if (state !== 'unknown') events.onMark(name)
    },
    end(reason) {
      if (over) return
      over = true
      signalOver()
      events.onHangUp(askedFor ?? reason)
    },
  }
}
