// @ts-check
import { after, test } from 'node:test'
import { casesOf } from '@kav/core/testing'
import openContract from './contract.js'

const contract = await openContract()
after(() => contract.close?.())
for (const one of casesOf(contract)) test(one.name, { timeout: one.timeoutMs }, () => one.run())
