import { describe, expect, it } from 'vitest'
import { event, faultOf, WORDS } from './gateway-answers.ts'

describe('faults of servers and gateways', () => {
  it.each<readonly [string, unknown, string]>([
    ['statusCode', { statusCode: 429, message: 'Slow down' }, 'quota'],
    ['an exception of AWS', { throttlingException: { message: 'Slow down' } }, 'quota'],
    ['another', { validationException: { message: 'Slow down' } }, 'bad-request'],
    ['its type', { __type: 'ThrottlingException', message: 'Slow down' }, 'quota'],
    ['a word for its type', { error: 'Slow down', error_type: 'validation' }, 'bad-request'],
    [
      'a type of its own',
      { error: { message: 'Slow down', type: 'too_many_requests_error', code: 'queue_exceeded' } },
      'quota',
    ],
    [
      'no code but words',
      { code: 10000, success: false, errors: [{ code: 10000, message: 'Authentication error: Slow down' }] },
      'auth',
    ],
    ['a status before words', { error: { code: 503, message: 'Slow down, invalid' } }, 'network'],
    ['a code that is no status', { error: { code: 100, message: 'rate limit. Slow down' } }, 'quota'],
    ['money', { error: { message: 'Slow down', type: 'insufficient_balance' } }, 'quota'],
    [
      'a budget, called bad request',
      { error: { message: 'Slow down', type: 'budget_exceeded', code: '400' } },
      'quota',
    ],
    ['a code of words', { code: 'Throttling.RateQuota', message: 'Slow down', request_id: 'r' }, 'quota'],
    ['a key of words', { code: 'InvalidApiKey', message: 'Slow down', request_id: 'r' }, 'auth'],
    ['a status in words', { base_resp: { status_code: 1002, status_msg: 'rate limit. Slow down' } }, 'quota'],
    ['a timeout of its own name', { error: { message: 'Slow down', type: 'request_timeout' } }, 'timeout'],
    ['a cancelled request', { error: { code: 499, message: 'Slow down', status: 'CANCELLED' } }, 'network'],
  ])('in the stream: %s', async (_what, sent, errorClass) => {
    const error = await faultOf(event(sent))
    expect(error).toMatchObject({ class: errorClass })
    expect(error.message).toContain('Slow down')
  })

  it.each<readonly [string, unknown, number, string]>([
    [
      'what the provider behind said',
      { error: { message: 'Provider returned error', metadata: { raw: 'Slow down' } } },
      429,
      'quota',
    ],
    [
      'the same as JSON',
      { error: { message: 'Provider error', metadata: { raw: '{"error":{"message":"Slow down"}}' } } },
      400,
      'bad-request',
    ],
    ['JSON in a message', { error: { message: '{"error":{"message":"Slow down"}}' } }, 400, 'bad-request'],
    [
      'an unpaid account called a bad request',
      { error: { message: 'Slow down', code: 'invalid_request_error' } },
      402,
      'quota',
    ],
    ['an exception', { exception: 'Slow down' }, 500, 'network'],
  ])('in place of an answer: %s', async (_what, sent, status, errorClass) => {
    const error = await faultOf(JSON.stringify(sent), 'application/json', status)
    expect(error).toMatchObject({ class: errorClass })
    expect(error.message).toContain('Slow down')
  })

  it.each([
    [{ code: 'insufficient_quota' }, false],
    [{ type: 'billing_hard_limit_reached' }, false],
    [{ code: 402 }, false],
    [{ code: 'rate_limit_exceeded' }, true],
  ])('%j is asked again: %s', async (told, retryable) => {
    const error = await faultOf(event({ error: { message: 'Slow down', ...told } }))
    expect(error).toMatchObject({ class: 'quota', retryable })
  })

  it('markup tells its message', async () => {
    const xml = '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Slow down</Message></Error>'
    expect((await faultOf(xml, 'application/xml', 403)).message).toContain('Slow down')
    const page = '<!-- proxy -->\n<html><head><title>Sign in</title></head></html>'
    expect((await faultOf(page, 'text/html')).message).toContain('Sign in')
  })

  it('JSON that is no answer says so', async () => {
    const models = await faultOf(JSON.stringify({ object: 'list', data: [{ id: 'm' }] }), 'application/json')
    expect(models).toMatchObject({ class: 'bad-data' })
    expect(models.message).toContain('no answer')
    const welcome = await faultOf(JSON.stringify({ message: 'Welcome', version: '1' }), 'application/json')
    expect(welcome.message).toContain('Welcome')
  })

  it.each(['[ERROR] model crashed', 'Error: model crashed'])('%s in the stream is one', async (text) => {
    expect((await faultOf(WORDS + event(text))).message).toContain('model crashed')
  })
})
