import { expect, it } from 'vitest'
import { serviceRig } from './service-rig.ts'
import { httpTool, toolRig } from './tool-rig.ts'

const service = serviceRig()

it('an HTTP tool asks as part of the call’s trace, unless its own headers say otherwise', async () => {
  const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`
  const asked = async (params: Record<string, string>, own = {}) => {
    const http = [httpTool({ url: service.base, headers: own })]
    await toolRig({ settings: { http }, call: { params } }).run('ask', {})
    return service.seen.at(-1)?.headers['traceparent']
  }
  expect(await asked({ traceparent })).toBe(traceparent)
  expect(await asked({ traceparent }, { traceparent: 'own' })).toBe('own')
  expect(await asked({ traceparent: 'nonsense' })).toBeUndefined()
  expect(await asked({})).toBeUndefined()
  expect(service.seen).toHaveLength(4)
})
