import { it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { transportContract } from '@kav/core/testing'
import twilio from '../src/index.ts'
import { dialFarEnd } from '../testing/far-end.ts'

const contract = withCallLines(transportContract, {
  create: (_url, context) => twilio.create({ validate_signature: false }, context),
  dial: (url) => dialFarEnd(url),
  numbers: ['+15550001111', '+15552223333'],
})

for (const one of contract) it(one.name, one.run, one.timeoutMs)
