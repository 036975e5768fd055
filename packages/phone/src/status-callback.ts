import type { StreamTarget } from './twiml.ts'
import { postForm, type CallIdentity, type VoiceWebhookOptions } from './voice-webhook.ts'

export type StreamStatus = 'stream-started' | 'stream-stopped' | 'stream-error'

/** Tells the server's `statusCallback` what became of the stream, beside the call: nothing waits for it. */
export interface StatusCallback {
  report(status: StreamStatus, onProblem: (text: string) => void): void
}

/** Fields as twilio.com/docs/voice/twiml/stream lists them under `statusCallback`. */
export function createStatusCallback(
  call: CallIdentity,
  streamSid: string,
  target: StreamTarget,
  address: VoiceWebhookOptions,
): StatusCallback {
  return {
    report(status, onProblem) {
      const fields = {
        AccountSid: call.accountSid,
        CallSid: call.callSid,
        StreamSid: streamSid,
        StreamName: target.name ?? streamSid,
        StreamEvent: status,
        Timestamp: new Date().toISOString(),
      }
      postForm(fields, address).then(
        (answer) => {
          if (answer.status >= 300) onProblem(`status callback answered ${answer.status} to ${status}`)
        },
        () => onProblem(`status callback did not answer to ${status}`),
      )
    },
  }
}
