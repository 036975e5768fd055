import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type * as Client from '@kav/client'
import { type PhoneCall, placeCall } from '@kav/phone'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from '../../../server/test/served-process.ts'
import { CHROMIUM, openBrowser, type OpenedBrowser } from './open-browser.ts'

const inRoot = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const TOKEN = 'sesame/open+now=123'
const AUTH = '0123456789abcdef0123456789abcdef'
const LIMIT_MS = 240_000
/** Where a page finds the client as it is published. */
const CLIENT_PATH = '/kav-client/'

/** A page's window, once the client is there. */
interface WithClient {
  readonly kav: typeof Client
}

describe.skipIf(CHROMIUM === undefined)('the client in a real browser', () => {
  let server: ServedProcess
  let opened: OpenedBrowser
  let phone: PhoneCall

  beforeAll(async () => {
    server = await serveProcess(inRoot('apps/server/test/fixtures/fleet-desk.yaml'), {
      FLEET_AUTH_TOKEN: AUTH,
      KAV_ADMIN_TOKEN: TOKEN,
    })
    phone = await placeCall({
      webhookUrl: `http://127.0.0.1:${server.port}/twilio/voice`,
      authToken: AUTH,
      publicUrl: 'https://voice.example.com',
    })
    opened = await openBrowser()
  }, LIMIT_MS)
  afterAll(async () => {
    await opened?.close()
    await server?.remove()
  })

  /** A page at this address that has the client's files beside it. */
  async function pageAt(url: string): Promise<Page> {
    const page = await opened.openPage('about:blank')
    await page.setBypassCSP(true)
    await page.setRequestInterception(true)
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (!pathname.startsWith(CLIENT_PATH)) return void request.continue()
      const file = inRoot(`packages/client/dist/${pathname.slice(CLIENT_PATH.length)}`)
      void request.respond({ contentType: 'text/javascript', body: readFileSync(file) })
    })
    await page.goto(url)
    const content = `import * as kav from '${CLIENT_PATH}index.js'; window.kav = kav`
    await page.addScriptTag({ type: 'module', content })
    await page.waitForFunction('window.kav')
    return page
  }

  it(
    'lists, watches, steers and hears a call from a page of the operator’s port, and its errors have names',
    async () => {
      const page = await pageAt(`${server.adminUrl}/healthz`)
      const seen = await page.evaluate(
        async (url, token, id) => {
          const { createKavClient, KavApiError } = (window as unknown as WithClient).kav
          const client = createKavClient({ url, token, operator: 'דנה' })
          const codeOf = (asked: Promise<unknown>): Promise<string> =>
            asked.then(
              () => 'ok',
              (error: unknown) =>
                error instanceof KavApiError ? `${error.status} ${error.code}` : String(error),
            )
          const heard = { caller: 0, agent: 0 }
          const listening = await client.calls.listen(id, { onFrame: (side) => void heard[side]++ })
          const told: string[] = []
          for await (const one of client.calls.events(id)) {
            if (one.event === 'snapshot') await client.calls.say(id, 'One moment please.', 'once')
            if (one.event === 'event')
              told.push(`${one.data.event} ${String(one.data.fields['by'] ?? '')}`.trim())
            const isTold = told.some((event) => event.startsWith('operator_said'))
            if (isTold && heard.caller > 5 && heard.agent > 5) break
          }
          listening.close()
          await listening.closed
          const stop = new AbortController()
          const aborted = (async () => {
            for await (const one of client.events(stop.signal)) if (one.event === 'snapshot') stop.abort()
          })()
          const other = (token: string, at = url) => createKavClient({ url: at, token })
          return {
            listed: (await client.calls.list()).map((call) => call.id),
            told,
            aborted: await aborted.then(
              () => 'ended',
              (error: Error) => error.name,
            ),
            codes: {
              unknown: await codeOf(client.calls.say('CA404', 'Hello?')),
              empty: await codeOf(client.calls.say(id, '')),
              cannot: await codeOf(client.calls.transfer(id, '+15550101')),
              token: await codeOf(other('wrong').calls.list()),
              deaf: await codeOf(client.calls.listen('CA404', { onFrame: () => undefined })),
              strange: await codeOf(other('wrong').calls.listen(id, { onFrame: () => undefined })),
              notKav: await codeOf(other(token, `${url}/nothing/here`).calls.list()),
              nobody: await codeOf(other(token, 'http://127.0.0.1:9').calls.list()),
            },
            hungUp: await codeOf(client.calls.hangUp(id)),
          }
        },
        server.adminUrl,
        TOKEN,
        phone.callSid,
      )
      expect(seen).toMatchObject({
        listed: [phone.callSid],
        aborted: 'AbortError',
        codes: {
          unknown: '404 unknown-call',
          empty: '400 bad-request',
          cannot: '409 cannot-do',
          token: '401 wrong-token',
          deaf: '404 unknown-call',
          strange: '401 wrong-token',
          notKav: '404 not-kav',
          nobody: '0 unreachable',
        },
        hungUp: 'ok',
      })
      expect(seen.told).toContain('operator_said דנה')
      await phone.finished
    },
    LIMIT_MS,
  )

  it(
    'reaches nothing from a page of another origin, whatever it knows',
    async () => {
      const site = createServer((_request, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>other</title>'),
      )
      await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
      try {
        const page = await pageAt(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
        const seen = await page.evaluate(
          async (url, token) => {
            const { createKavClient, KavApiError } = (window as unknown as WithClient).kav
            const client = createKavClient({ url, token })
            const codeOf = (asked: Promise<unknown>): Promise<string> =>
              asked.then(
                () => 'ok',
                (error: unknown) => (error instanceof KavApiError ? error.code : String(error)),
              )
            const form = fetch(`${url}/api/calls/CA1/hangup`, {
              method: 'POST',
              mode: 'no-cors',
              headers: { 'content-type': 'text/plain' },
            }).then(
              ({ type }) => type,
              () => 'refused',
            )
            return {
              list: await codeOf(client.calls.list()),
              watch: await codeOf(client.events().next()),
              listen: await codeOf(client.calls.listen('CA1', { onFrame: () => undefined })),
              // It goes out, and what comes back is hidden: the server has to refuse it.
              form: await form,
            }
          },
          server.adminUrl,
          TOKEN,
        )
        expect(seen).toEqual({
          list: 'unreachable',
          watch: 'unreachable',
          listen: 'unreachable',
          form: 'opaque',
        })
        const figures = await (await fetch(`${server.adminUrl}/metrics`)).text()
        expect(figures).toMatch(/^kav_api_requests_refused_total\{code="foreign-origin"\} [1-9]/m)
      } finally {
        site.close()
      }
    },
    LIMIT_MS,
  )
})
