import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { httpTool, toolRig } from './tool-rig.ts'

let headers: IncomingHttpHeaders = {}
const server = createServer((request, response) => {
  headers = request.headers
  response.end('done')
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))

it('an HTTP tool asks as part of the call’s trace, unless its own headers say otherwise', async () => {
  const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const asked = async (params: Record<string, string>, own = {}) => {
    await toolRig({ settings: { http: [httpTool({ url, headers: own })] }, call: { params } }).run('ask', {})
    return headers['traceparent']
  }
  expect(await asked({ traceparent })).toBe(traceparent)
  expect(await asked({ traceparent }, { traceparent: 'own' })).toBe('own')
  expect(await asked({ traceparent: 'nonsense' })).toBeUndefined()
  expect(await asked({})).toBeUndefined()
})
