// @ts-check
import { test } from 'node:test'
import { testContext, toolContract } from '@kav/core/testing'
import openingHours from './opening-hours.js'

const params = { closed_on: ['sunday'], opens: '9:00', closes: '17:00' }

const cases = toolContract({
  create: () => openingHours.create(params, testContext()),
  calls: [
    { tool: 'opening_hours', args: { day: 'monday' }, expected: /"opens":"9:00"/ },
    { tool: 'opening_hours', args: { day: 'sunday' }, expected: /"closed":true/ },
  ],
})
for (const one of cases) test(one.name, { timeout: one.timeoutMs }, () => one.run())
