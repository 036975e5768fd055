import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { testContext } from '@kav/core/testing'
import { reachCheck } from '../src/live/reach-check.ts'
import { type FrontProxy, openFrontProxy } from '../testing/front-proxy.ts'
import { openTwilioLine, type TwilioLine } from '../testing/twilio-line.ts'

const TOKEN = 'the-auth-token'
let proxy: FrontProxy
let line: TwilioLine
let params: { public_url: string; auth_token: string; validate_signature: boolean }

beforeEach(async () => {
  proxy = await openFrontProxy()
  params = { public_url: `${proxy.origin}/kav`, auth_token: TOKEN, validate_signature: true }
  line = await openTwilioLine({ params })
  proxy.target = line.server.origin
  proxy.prefix = '/kav'
})
afterEach(async () => {
  await line.close()
  await proxy.close()
})

const check = (changed: Partial<typeof params> = {}) => reachCheck({ ...params, ...changed }, testContext())

it('comes in through a proxy by webhook and stream, again and again, and promises and starts no call', async () => {
  for (let time = 0; time < 2; time++) {
    expect(await check()).toEqual([
      { level: 'ok', message: expect.stringContaining('/kav/twilio/voice reaches kav serve') },
      { level: 'ok', message: expect.stringContaining('/kav/twilio/media opens a stream') },
    ])
  }
  expect([line.server.promised, line.calls.length]).toEqual([0, 0])
})

it('comes in where nothing is signed, too', async () => {
  await line.close()
  line = await openTwilioLine({ params: { validate_signature: false, public_url: params.public_url } })
  proxy.target = line.server.origin
  const found = await reachCheck({ validate_signature: false, public_url: params.public_url }, testContext())
  expect(found.map(({ level }) => level)).toEqual(['ok', 'ok'])
})

it('says nothing without a public_url, which is another check’s finding', async () => {
  expect(await reachCheck({ validate_signature: false }, testContext())).toEqual([])
})

const answers =
  (status: number, headers: Record<string, string> = {}, body = '') =>
  (_request: IncomingMessage, response: ServerResponse): boolean => {
    response.writeHead(status, headers).end(body)
    return true
  }

it.each([
  ['another auth token', { auth_token: 'another' }, undefined, /refuses what is signed/, /same auth_token/],
  [
    'a redirect',
    {},
    answers(301, { location: 'https://www.example.com/kav?key=1' }),
    /redirected to https:\/\/www\.example\.com\/kav \(HTTP 301\)/,
    /public_url/,
  ],
  [
    'a proxy with nobody behind it',
    {},
    answers(502),
    /answers HTTP 502: it does not reach kav serve/,
    /Start kav serve/,
  ],
  [
    'a tunnel with nobody behind it',
    {},
    answers(404, { 'ngrok-error-code': 'ERR_NGROK_3200' }),
    /tunnel .* \(ERR_NGROK_3200\)/,
    /tunnel lead/,
  ],
  [
    'a login page',
    {},
    answers(200, { 'content-type': 'text/html' }, '<html>sign in'),
    /is not kav serve \(HTTP 200\)/,
    /no login/,
  ],
  [
    'a firewall of somebody else',
    {},
    answers(403, {}, 'denied'),
    /is not kav serve \(HTTP 403\)/,
    /no login/,
  ],
  [
    'a 400 of somebody else',
    {},
    answers(400, {}, 'bad request'),
    /is not kav serve \(HTTP 400\)/,
    /no login/,
  ],
] as const)('finds %s', async (_name, changed, answer, message, fix) => {
  proxy.answer = answer
  const found = await check(changed)
  expect(found).toHaveLength(1)
  expect(found[0]).toEqual({
    level: 'error',
    message: expect.stringMatching(message),
    fix: expect.stringMatching(fix),
  })
})

it('finds a path that the proxy does not pass on', async () => {
  proxy.prefix = '/other'
  expect(await check()).toMatchObject([{ level: 'error', message: expect.stringContaining('HTTP 404') }])
})

it('finds a proxy that takes upgrades off', async () => {
  proxy.takesUpgradesOff = true
  expect(await check()).toMatchObject([
    { level: 'ok' },
    {
      level: 'error',
      message: expect.stringContaining('is no WebSocket behind the proxy (HTTP 426)'),
      fix: expect.stringContaining('Upgrade and Connection'),
    },
  ])
})

it('takes a server on this machine that does not answer for one that was not started yet', async () => {
  await proxy.close()
  expect(await check()).toMatchObject([{ level: 'warning', fix: expect.stringContaining('run kav doctor') }])
})
