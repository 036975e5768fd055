import type { PluginContext } from '@kav/core'
import { liveCheckContract, testContext, testParams, toolContract } from '@kav/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { withCallLines } from '../../core/test/testing/call-lines.ts'
import { mcpTools } from '../src/mcp-tools.ts'
import { type HttpShop, openHttpShop } from './http-shop.ts'
import { BY_STDIO, TOKEN } from './setup.ts'

let http: HttpShop
beforeAll(async () => {
  http = await openHttpShop()
})
afterAll(() => http.close())

const ORDERS = { allow: ['order_state', 'refused'], pin: { phone: '{{from}}' } }
const create = async (given: object, context: PluginContext) => {
  const provider = mcpTools.create(testParams(mcpTools.params, { ...ORDERS, ...given }), context)
  await provider.warm?.()
  return provider
}

describe.each([
  ['streamable HTTP', () => ({ url: http.url })],
  ['stdio', () => BY_STDIO],
])('the contract of a tool, over %s', (_name, server) => {
  const cases = withCallLines(toolContract, {
    create: (context) => create({ ...server(), allow: ['order_state'] }, context),
    // A process for each case takes long.
    isolated: false,
    params: { from: '+15551234567' },
    calls: [
      { tool: 'order_state', args: { id: '42' }, expected: /^Order 42 of \+15551234567 is on its way/ },
    ],
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

describe('a tool that fails', () => {
  const cases = withCallLines(toolContract, {
    create: (context) => create({ url: http.url }, context),
    params: { from: '+15551234567' },
    calls: [
      { tool: 'order_state', args: { id: '42' } },
      { tool: 'refused', args: {} },
    ],
    failing: { tool: 'refused', args: {}, expected: /^The shop is closed\.$/ },
  }).filter(({ name }) => name.includes('cannot succeed'))
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})

describe('the contract of a live check', () => {
  const check = (given: object) => {
    const params = { ...ORDERS, url: http.url, headers: { Authorization: `Bearer ${TOKEN}` }, ...given }
    return mcpTools.liveCheck!(testParams(mcpTools.params, params), testContext())
  }
  const cases = liveCheckContract({
    secrets: [TOKEN],
    checks: {
      'all is well': () => check({}),
      'a tool and an argument are misspelt': () => check({ allow: ['order_stat'], pin: { fone: '1' } }),
      'nothing listens': () => check({ url: 'http://127.0.0.1:9/mcp' }),
      'the token is refused': async () => {
        const closed = await openHttpShop({ refuse: 401 })
        return check({ url: closed.url }).finally(() => closed.close())
      },
    },
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
