import { ProviderError, type HangUpReason, type PluginContext } from '@kav/core'
import type { CallControl } from './rest-client.ts'
import { parseDialTarget } from '../webhook/twiml.ts'

export interface CallEndingParts {
  readonly callSid: string
  /** Absent without REST credentials: no transfer then, and hanging up closes the stream. */
  readonly control: CallControl | undefined
  readonly endTimeoutMs: number
  readonly context: PluginContext
  /** Closes the stream in an orderly way; the call ends with it. */
  readonly closeStream: () => void
}

/** How one call ends: by the other side, by hanging up, or by a transfer. */
export class CallEnding {
  #over = false
  readonly #parts: CallEndingParts
  #hangingUp: Promise<void> | undefined
  /** Why the stream will end, once we have asked for its end: whatever the stream says then. */
  #askedFor: HangUpReason | undefined
  #signalOver = (): void => undefined
  readonly #overAtLast = new Promise<void>((resolve) => (this.#signalOver = resolve))

  constructor(parts: CallEndingParts) {
    this.#parts = parts
  }

  /** The stream is over, it says for `reason`. Returns the reason that counts. */
  over(reason: HangUpReason): HangUpReason {
    this.#over = true
    this.#signalOver()
    return this.#askedFor ?? reason
  }

  hangUp(): Promise<void> {
    return (this.#hangingUp ??= this.#over ? Promise.resolve() : this.#hangUp())
  }

  async transfer(by: CallControl, to: string): Promise<void> {
    const { callSid } = this.#parts
    const target = parseDialTarget(to)
    if (target === undefined) {
      throw new ProviderError(
        'bad-request',
        'Cannot transfer: the target is neither an E.164 number (+15551234567) nor a SIP address (sip:name@host)',
        { details: { callSid } },
      )
    }
    if (this.#over || this.#askedFor !== undefined) {
      throw new ProviderError('bad-request', 'Cannot transfer: the call is over or ending', {
        details: { callSid },
      })
    }
    // Before the request, because the stream may stop before its answer is here.
    this.#askedFor = 'transferred'
    try {
      await by.redirect(callSid, target)
    } catch (thrown) {
      if (!this.#over) this.#askedFor = this.#hangingUp === undefined ? undefined : 'agent'
      throw thrown
    }
    await this.#awaitEnd()
  }

  async #hangUp(): Promise<void> {
    const { callSid, control, context, closeStream } = this.#parts
    this.#askedFor ??= 'agent'
    if (control === undefined) {
      closeStream()
    } else {
      try {
        await control.complete(callSid)
      } catch (thrown) {
        context.log.warn(
          { call: callSid, error: thrown },
          'TWILIO: hang-up by REST failed, closing the stream instead',
        )
        closeStream()
      }
    }
    await this.#awaitEnd()
  }

  /** Resolves when the call is over; closes the stream if Twilio takes too long to do so. */
  async #awaitEnd(): Promise<void> {
    const { context, endTimeoutMs, closeStream } = this.#parts
    const cancel = context.clock.after(endTimeoutMs, closeStream)
    await this.#overAtLast
    cancel()
  }
}
