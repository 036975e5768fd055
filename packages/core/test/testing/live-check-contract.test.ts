import { describe, it } from 'vitest'
import type { LiveFinding } from '../../src/index.ts'
import { finding } from '../../src/kit/index.ts'
import { liveCheckContract } from '../../src/testing/index.ts'
import { expectFailure, passesAll } from './suite-failures.ts'

const suite = (check: () => Promise<readonly LiveFinding[]>) =>
  liveCheckContract({ checks: { down: check }, secrets: ['sk-secret'], limitMs: 300, settleMs: 150 })

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
  it.each<[string, () => Promise<readonly LiveFinding[]>, RegExp]>([
    ['says nothing', async () => [], /at least one finding/],
    ['never ends', () => new Promise(() => undefined), /within 300 ms/],
    ['throws', () => Promise.reject(new Error('refused')), /refused/],
    ['has no fix', async () => [{ level: 'warning', message: 'odd' }], /a fix for "odd"/],
    ['has a fix that is none', async () => [finding.error('odd', 'see the docs')], /one sentence/],
    ['shows a key', async () => [finding.error('sk-secret is refused', 'Set another key.')], /no secret/],
    ['quotes a body', async () => [{ level: 'ok', message: '<html>\n<body>' }], /one line/],
    [
      'leaves a timer',
      async () => {
        const timer = setInterval(() => undefined, 1000)
        setTimeout(() => clearInterval(timer), 1500)
        return [finding.ok('fine')]
      },
      /still open/,
    ],
  ])('%s', (_name, check, message) => expectFailure(suite(check), 'live check, down', message))
})
