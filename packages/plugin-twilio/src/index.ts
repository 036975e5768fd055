import { definePlugin } from '@kav/core'
import { checkParams, twilioParams } from './params.ts'
import { createTwilioTransport } from './twilio-transport.ts'

export type { TwilioParams } from './params.ts'

export default definePlugin({
  kind: 'transport',
  name: 'twilio',
  description: 'Phone calls by Twilio Media Streams',
  params: twilioParams,
  check: checkParams,
  create: createTwilioTransport,
})
