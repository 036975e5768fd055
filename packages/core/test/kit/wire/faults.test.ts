import { describe, expect, it } from 'vitest'
import {
  classOfClose,
  classOfStatus,
  closeFault,
  httpFault,
  notReached,
  reasonIn,
  refusalOf,
  retryAfterMs,
} from '../../../src/kit/index.ts'

const rules = {
  doing: 'Acme recognition',
  checks: { auth: 'check stt.params.key', quota: 'check your plan' },
  secrets: ['hunter2-secret-key'],
}

describe('what a service answers instead', () => {
  it('has one class for each status', () => {
    const classes = Object.fromEntries(
      [200, 302, 400, 401, 402, 403, 404, 408, 409, 413, 422, 425, 429, 500, 502, 503, 504].map((status) => [
        status,
        classOfStatus(status),
      ]),
    )
    expect(classes).toEqual({
      200: 'network',
      302: 'network',
      400: 'bad-request',
      401: 'auth',
      402: 'quota',
      403: 'auth',
      404: 'bad-request',
      408: 'timeout',
      409: 'network',
      413: 'bad-request',
      422: 'bad-request',
      425: 'network',
      429: 'quota',
      500: 'network',
      502: 'network',
      503: 'network',
      504: 'timeout',
    })
  })

  it('is told with what failed, what was said and what to check, without secrets', () => {
    const error = httpFault({ status: 401, reason: 'no such key:\n hunter2-secret-key' }, rules)
    expect(error.message).toMatch(
      /^Acme recognition: the server answered 401: no such key: \S*hidden\S* \(check stt\.params\.key\)$/,
    )
    expect(error).toMatchObject({ class: 'auth', retryable: false, details: { status: 401 } })
    expect(httpFault({ status: 500 }, rules).message).toBe('Acme recognition: the server answered 500')
    expect(httpFault({ status: 429 }, rules).retryable).toBe(true)
    expect(httpFault({ status: 402 }, rules)).toMatchObject({ class: 'quota', retryable: false })
  })

  it('may mean something else at one service', () => {
    const own = {
      ...rules,
      classOf: (code: number) => (code === 404 || code === 4000 ? ('auth' as const) : undefined),
    }
    expect(httpFault({ status: 404 }, own).class).toBe('auth')
    expect(closeFault(4000, '', own).class).toBe('auth')
    expect(httpFault({ status: 400 }, own).class).toBe('bad-request')
  })

  it('names its request, and when to come again, from headers of fetch and of node:http', async () => {
    const headers = { 'retry-after': '3', 'x-request-id': 'req-7' }
    for (const form of [headers, new Headers(headers)]) {
      const { details } = httpFault({ status: 429, headers: form, wallMs: 0 }, rules)
      expect(details).toEqual({ status: 429, retryAfterMs: 3000, requestId: 'req-7' })
    }
    expect(retryAfterMs({ 'retry-after-ms': '250' }, 0)).toBe(250)
    expect(retryAfterMs({ 'retry-after': 'Thu, 01 Jan 1970 00:00:10 GMT' }, 4_000)).toBe(6_000)
    expect(retryAfterMs({ 'retry-after': 'soon' }, 0)).toBeUndefined()
    const response = new Response('{"err_msg":"slow down"}', { status: 429, headers })
    await expect(refusalOf(response, rules, 0)).resolves.toMatchObject({
      message: 'Acme recognition: the server answered 429: slow down (check your plan)',
      details: { retryAfterMs: 3000 },
    })
  })

  it('has its reason found in every shape', () => {
    const bodies: [string, string][] = [
      ['{"error":{"message":"a","code":1}}', 'a'],
      ['{"error":"b"}', 'b'],
      ['{"err_code":"X","err_msg":"c"}', 'c'],
      ['{"detail":{"status":"s","message":"d"}}', 'd'],
      ['{"detail":{"status":"quota_exceeded","message":"no credits"}}', 'quota_exceeded: no credits'],
      ['{"err_code":"INVALID_AUTH","err_msg":"INVALID_AUTH it is"}', 'INVALID_AUTH it is'],
      ['{"detail":[{"loc":["x"],"msg":"e"}]}', 'e'],
      ['[{"error":{"message":"f"}}]', 'f'],
      ['"g"', 'g'],
      ['plain words', 'plain words'],
      ['<html><head><title>502 Bad Gateway</title></head></html>', '502 Bad Gateway'],
      ['<br>', ''],
      ['{"a":{"b":null}}', ''],
      ['', ''],
      ['null', ''],
    ]
    for (const [body, reason] of bodies) expect(reasonIn(body), body).toBe(reason)
  })

  it('is one of the close codes', () => {
    expect([1000, 1006, 1007, 1008, 1011, 1013, 3000, 4401, 4429, 4500, 4999].map(classOfClose)).toEqual([
      'network',
      'network',
      'bad-request',
      'bad-request',
      'network',
      'network',
      'auth',
      'auth',
      'quota',
      'network',
      'network',
    ])
    expect(closeFault(1006, '', rules).message).toBe('Acme recognition: the connection was cut')
    expect(closeFault(4401, 'who?', rules).message).toBe(
      'Acme recognition: the server closed the connection (4401 who?) (check stt.params.key)',
    )
  })

  it('may be nothing: the innermost reason is told', () => {
    const cut = new TypeError('fetch failed', {
      cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
    })
    expect(notReached(cut, rules)).toMatchObject({
      class: 'network',
      message: 'Acme recognition: connect ECONNREFUSED',
    })
    const slow = new TypeError('fetch failed', {
      cause: Object.assign(new Error('slow'), { code: 'UND_ERR_CONNECT_TIMEOUT' }),
    })
    expect(notReached(slow, rules).class).toBe('timeout')
    const several = new AggregateError([new Error('first address')])
    expect(notReached(several, rules).message).toBe('Acme recognition: first address')
  })
})
