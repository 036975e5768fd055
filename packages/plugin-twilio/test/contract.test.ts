import { it } from 'vitest'
import { testContext, transportContract } from '@kav/core/testing'
import twilio from '../src/index.ts'
import { dialFarEnd } from '../testing/far-end.ts'

const contract = transportContract({
  create: () => twilio.create({ validate_signature: false }, testContext()),
  dial: (url) => dialFarEnd(url),
})

for (const one of contract) it(one.name, one.run, one.timeoutMs)
