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

it('says of a path of the operator’s port where it is answered, and names no webhook for it', async () => {
  const { log } = testContext()
  http = createHttpHost(log)
  http.route('POST', '/twilio/voice', async () => ({ status: 200 }))
  const port = await http.listen(0, '127.0.0.1')
  for (const path of ['/metrics', '/console/', '/apish'])
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(404)
  const [metrics, page, other] = log.entries
  for (const one of [metrics, page])
    expect(one).toMatchObject({ fields: { method: 'GET' }, message: expect.stringContaining('ADMIN_PORT') })
  expect(metrics?.fields).not.toHaveProperty('meant')
  expect(other).toMatchObject({ fields: { meant: '/twilio/voice' }, message: LINE })
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
