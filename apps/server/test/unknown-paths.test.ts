import { testContext } from '@kav/core/testing'
import { afterEach, expect, it } from 'vitest'
import { createHttpHost, type HttpHost } from '../src/http-host.ts'
import { meantPath } from '../src/http/meant-path.ts'

let http: HttpHost | undefined
afterEach(() => http?.close())

const LINE = 'HTTP: nobody serves this path; is the webhook at the carrier right?'

it('of the webhooks there are, the one with the same end was meant, or the first', () => {
  const known = ['/twilio/voice', '/twilio/status']
  expect(meantPath('/voice', known)).toBe('/twilio/voice')
  expect(meantPath('/callbacks/Status', known)).toBe('/twilio/status')
  expect(meantPath('/favicon.ico', known)).toBe('/twilio/voice')
  expect(meantPath('/', [])).toBeUndefined()
})

it('answers HEAD as GET, without the body', async () => {
  const { log } = testContext()
  http = createHttpHost(log)
  http.route('GET', '/healthz', async () => ({ status: 200, body: 'well' }))
  const port = await http.listen(0, '127.0.0.1')
  const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { method: 'HEAD' })
  const answer = await ask('/healthz')
  expect([answer.status, await answer.text()]).toEqual([200, ''])
  expect((await ask('/health')).status).toBe(404)
  expect(log.find(LINE)).toHaveLength(1)
})
