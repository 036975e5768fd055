import { describe } from 'vitest'
import type { LiveFinding } from '../../src/index.ts'
import { finding } from '../../src/kit/index.ts'
import { liveCheckContract } from '../../src/testing/index.ts'
import type { PromiseOf } from '../../src/testing/promises/index.ts'
import { createPromiseTable } from './promise-table.ts'
import { expectFailure, passesAll } from './suite-failures.ts'

const suite = (check: () => Promise<readonly LiveFinding[]>) =>
  liveCheckContract({ checks: { down: check }, secrets: ['sk-secret'], limitMs: 300, settleMs: 150 })

const { breaks, hasNoHole } = createPromiseTable('live-check')

describe('a live check that is right', () => {
  passesAll(
    liveCheckContract({
      checks: {
        up: async () => [finding.ok('api.example.com lists "a"')],
        down: async () => [finding.error('api.example.com refuses the key', 'Set another key.')],
      },
      secrets: ['sk-secret'],
    }),
  )
})

describe('the suite notices a live check that', () => {
  const faults: readonly [
    promise: PromiseOf<'live-check'>,
    name: string,
    check: () => Promise<readonly LiveFinding[]>,
    message: RegExp,
  ][] = [
    ['findings', 'says nothing', async () => [], /at least one finding/],
    ['in-time', 'never ends', () => new Promise(() => undefined), /within 300 ms/],
    ['findings', 'throws', () => Promise.reject(new Error('refused')), /refused/],
    ['fix', 'has no fix', async () => [{ level: 'warning', message: 'odd' }], /a fix for "odd"/],
    ['fix', 'has a fix that is none', async () => [finding.error('odd', 'see the docs')], /one sentence/],
    [
      'secrets',
      'shows a key',
      async () => [finding.error('sk-secret is refused', 'Set another key.')],
      /no secret/,
    ],
    ['line', 'quotes a body', async () => [{ level: 'ok', message: '<html>\n<body>' }], /one line/],
    [
      'nothing-left',
      'leaves a timer',
      async () => {
        const timer = setInterval(() => undefined, 1000)
        setTimeout(() => clearInterval(timer), 1500)
        return [finding.ok('fine')]
      },
      /still open/,
    ],
  ]
  for (const [promise, name, check, message] of faults)
    breaks(promise, name, () => expectFailure(suite(check), 'live check, down', message))
})

describe('the suite of a live check', () => hasNoHole(suite(async () => [])))
