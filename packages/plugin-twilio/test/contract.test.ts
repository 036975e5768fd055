import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { transportContract } from '@kav/core/testing'
import twilio from '../src/index.ts'
import { type CarrierDouble, openCarrierDouble } from '../testing/carrier-double.ts'
import { ACCOUNT_SID } from '../testing/twilio-stream.ts'

const AUTH_TOKEN = 'contract-auth-token'

let carrier: CarrierDouble
beforeAll(async () => void (carrier = await openCarrierDouble(AUTH_TOKEN)))
afterAll(() => carrier.close())

describe('transport contract', () => {
  const cases = withCallLines(transportContract, {
    create: (url, context) =>
      twilio.create(
        { account_sid: ACCOUNT_SID, auth_token: AUTH_TOKEN, public_url: url, api_base_url: carrier.url },
        context,
      ),
    dial: (...asked) => carrier.dial(...asked),
    carriesValues: true,
    dialUnproven: (...asked) => carrier.dialUnproven(...asked),
    pickUp: (...asked) => carrier.pickUp(...asked),
    ringOut: (...asked) => carrier.ringOut(...asked),
    putThroughTo: () => carrier.putThroughTo(),
    secrets: [AUTH_TOKEN],
    numbers: ['+15550001111', '+15552223333'],
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
