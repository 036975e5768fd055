import { definePlugin } from '@kav/core'
import { callValues } from './webhook/call-values.ts'
import { checkParams } from './params/check-params.ts'
import { liveCheck } from './live/live-check.ts'
import { reachCheck } from './live/reach-check.ts'
import { twilioParams } from './params/params.ts'
import { createTwilioTransport } from './twilio-transport.ts'

export type { TwilioParams } from './params/params.ts'

export default definePlugin({
  kind: 'transport',
  name: 'twilio',
  description: 'Phone calls by Twilio Media Streams',
  params: twilioParams,
  check: checkParams,
  callValues,
  liveCheck,
  reachCheck,
  create: createTwilioTransport,
})
