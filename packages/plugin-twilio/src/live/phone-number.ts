/** A number of the account and what happens to a call to it (twilio.com/docs/phone-numbers/api). */
export interface PhoneNumber {
  /** E.164, `+972…`. */
  readonly number: string
  readonly voiceUrl: string
  readonly voiceMethod: string
  readonly statusCallback: string
  /** Calls go to this TwiML App instead of `voiceUrl`; empty without one. */
  readonly applicationSid: string
  /** Calls go to this SIP trunk instead of either; empty without one. */
  readonly trunkSid: string
  readonly takesVoice: boolean
}

type Fields = Readonly<Record<string, unknown>>

/** One entry of `incoming_phone_numbers`. */
export function readPhoneNumber(entry: unknown): PhoneNumber | undefined {
  const fields = fieldsOf(entry)
  const number = textOf(fields, 'phone_number')
  if (number === '') return undefined
  return {
    number,
    voiceUrl: textOf(fields, 'voice_url'),
    voiceMethod: textOf(fields, 'voice_method') || 'POST',
    statusCallback: textOf(fields, 'status_callback'),
    applicationSid: textOf(fields, 'voice_application_sid'),
    trunkSid: textOf(fields, 'trunk_sid'),
    takesVoice: fieldsOf(fields['capabilities'])['voice'] !== false,
  }
}

/** What a TwiML App does in place of a number's own webhook (twilio.com/docs/usage/api/applications). */
export function readApplication(fields: Fields): Pick<PhoneNumber, 'voiceUrl' | 'voiceMethod'> {
  return { voiceUrl: textOf(fields, 'voice_url'), voiceMethod: textOf(fields, 'voice_method') || 'POST' }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value.trim() : ''
}
