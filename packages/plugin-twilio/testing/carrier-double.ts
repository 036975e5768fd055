import type { TransportContractOptions } from '@kav/core/testing'
import { dialFarEnd, postSigned } from './far-end.ts'
import { openRestDouble, type RestRequest } from './rest-double.ts'

/** Twilio on both sides: it offers calls, and takes orders by its REST API. */
export interface CarrierDouble extends Required<
  Pick<TransportContractOptions, 'dial' | 'dialUnproven' | 'pickUp' | 'putThroughTo' | 'ringOut'>
> {
  /** `api_base_url` */
  readonly url: string
  close(): Promise<void>
}

/** @param authToken signs requests, and is the password of the account. */
export async function openCarrierDouble(authToken: string): Promise<CarrierDouble> {
  const rest = await openRestDouble(authToken)
  /** Of the calls that are on, by CallSid: how Twilio ends them. */
  const ends = new Map<string, () => unknown>()
  let calls = 0
  let placed: RestRequest | undefined
  let putThroughTo: string | undefined
  rest.onUpdate(({ callSid, form }) => {
    putThroughTo = /<Dial>([^<]*)</.exec(form['Twiml'] ?? '')?.[1] ?? putThroughTo
    void ends.get(callSid)?.()
  })
  rest.onCreate((order) => (placed = order))

  async function connect(voiceUrl: string, callSid: string, signedWith = authToken) {
    const farEnd = await dialFarEnd({ voiceUrl, callSid, authToken: signedWith })
    ends.set(callSid, farEnd.hangUp)
    void farEnd.ended.then(() => ends.delete(callSid))
    return farEnd
  }
  const nextSid = () => `CA${String(++calls).padStart(32, '0')}`
  return {
    url: rest.url,
    dial(origin, _provider, values = {}) {
      const query = new URLSearchParams(values).toString()
      return connect(`${origin}/twilio/voice${query === '' ? '' : `?${query}`}`, nextSid())
    },
    dialUnproven: (origin) => connect(`${origin}/twilio/voice`, nextSid(), 'the-token-of-another'),
    async pickUp() {
      if (placed === undefined) throw new Error('no call was placed')
      return connect(placed.form['Url']!, placed.callSid)
    },
    ringOut() {
      if (placed === undefined) throw new Error('no call was placed')
      const { callSid, form } = placed
      const fields = { CallSid: callSid, CallStatus: 'no-answer', From: form['From']!, To: form['To']! }
      return postSigned(form['StatusCallback']!, fields, authToken)
    },
    putThroughTo: () => putThroughTo,
    close: () => rest.close(),
  }
}
