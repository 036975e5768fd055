import { KavError } from '@kav/core'

/**
 * What the phone throws on purpose.
 *
 * | code                      | meaning                                                          |
 * |---------------------------|------------------------------------------------------------------|
 * | KAV_PHONE_WEBHOOK_FAILED  | the voice webhook did not answer, or not with 200                 |
 * | KAV_PHONE_TWIML_INVALID   | it answered something that does not open a media stream           |
 * | KAV_PHONE_STREAM_FAILED   | the WebSocket did not open                                        |
 * | KAV_PHONE_SCRIPT_INVALID  | a caller script does not parse; the message lists every problem   |
 * | KAV_PHONE_AUDIO_INVALID   | a recording is missing or is not a WAV file the phone can play    |
 * | KAV_PHONE_RECORD_UNWRITABLE | where the recording is to go nothing can be written              |
 * | KAV_PHONE_STEP_FAILED     | a step of the script timed out or the call ended under it         |
 */
export type PhoneErrorCode =
  | 'KAV_PHONE_WEBHOOK_FAILED'
  | 'KAV_PHONE_TWIML_INVALID'
  | 'KAV_PHONE_STREAM_FAILED'
  | 'KAV_PHONE_SCRIPT_INVALID'
  | 'KAV_PHONE_AUDIO_INVALID'
  | 'KAV_PHONE_RECORD_UNWRITABLE'
  | 'KAV_PHONE_STEP_FAILED'

export class PhoneError extends KavError {
  override readonly name: string = 'PhoneError'

  constructor(
    code: PhoneErrorCode,
    message: string,
    options: { details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(code, message, options)
  }
}
