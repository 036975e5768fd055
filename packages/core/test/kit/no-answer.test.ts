import { expect, it } from 'vitest'
import { ProviderError } from '../../src/index.ts'
import { noAnswer } from '../../src/kit/index.ts'

const server = { host: 'api.example.com', param: 'base_url' }

/** As `fetch` throws: the code is in the cause, or in the first of several causes. */
function thrown(code: string, depth = 1): Error {
  let error: Error = Object.assign(new Error('said with a key sk-secret in it'), { code })
  for (let level = 0; level < depth; level++) error = new TypeError('fetch failed', { cause: error })
  return error
}

it.each([
  ['ENOTFOUND', /no such name/, /spelling of base_url/],
  ['EAI_AGAIN', /no such name/, /DNS/],
  ['ECONNREFUSED', /nothing listens/, /Start the server at api\.example\.com/],
  ['ERR_SSL_WRONG_VERSION_NUMBER', /no TLS/, /http:\/\//],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', /no TLS/, /http:\/\//],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /certificate/, /NODE_EXTRA_CA_CERTS/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /certificate/, /NODE_EXTRA_CA_CERTS/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /certificate/, /NODE_EXTRA_CA_CERTS/],
  ['CERT_HAS_EXPIRED', /certificate/, /of that name/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /certificate/, /of that name/],
  ['HPE_INVALID_CONSTANT', /no HTTP/, /https:\/\//],
  ['ENETUNREACH', /no way there/, /routing/],
  ['UND_ERR_CONNECT_TIMEOUT', /in time/, /firewall/],
  ['UND_ERR_SOCKET', /cut/, /proxy/],
  ['ECONNRESET', /cut/, /log of/],
])('%s is told with what to do', (code, message, fix) => {
  for (const depth of [0, 1, 3]) {
    const found = noAnswer(thrown(code, depth), server)
    expect(found.level).toBe('error')
    expect(found.message).toMatch(message)
    expect(found.message).toContain(`(${code})`)
    expect(found.fix).toMatch(fix)
  }
})

it('an address that is the provider’s own is nobody’s spelling', () => {
  expect(noAnswer(thrown('ENOTFOUND'), { host: 'api.example.com' })).toEqual({
    level: 'error',
    message: 'api.example.com cannot be reached: there is no such name (ENOTFOUND)',
    fix: 'Check the DNS of this machine, and firewall and proxy between it and api.example.com.',
  })
})

it('the first of several addresses tells', () => {
  const several = new AggregateError([thrown('ECONNREFUSED', 0), thrown('ENETUNREACH', 0)])
  const error = new TypeError('fetch failed', { cause: several })
  expect(noAnswer(error, server).message).toMatch(/nothing listens/)
})

it('a port that fetch refuses', async () => {
  const thrown: unknown = await fetch('http://127.0.0.1:5060').catch((error: unknown) => error)
  expect(noAnswer(thrown, server)).toEqual({
    level: 'error',
    message: 'api.example.com cannot be reached: HTTP clients refuse that port',
    fix: 'Let the server listen on another port, and write that in base_url.',
  })
})

it('a deadline of our own, and what has no code at all', () => {
  expect(noAnswer(new ProviderError('timeout', 'no answer within 5 ms'), server).message).toBe(
    'api.example.com cannot be reached: no answer came in time',
  )
  for (const odd of [new Error('odd'), 'odd', undefined, null, {}])
    expect(noAnswer(odd, server).message).toBe('api.example.com cannot be reached: the connection was cut')
})
