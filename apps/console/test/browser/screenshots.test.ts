import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import type { FakeApi } from '../fake-api/fake-api.ts'
import { longState } from '../fake-api/states.ts'
import { type ConsoleInBrowser, goTo, openConsoleBrowser, untilSeen } from './console-in-browser.ts'
import { CHROMIUM } from './open-browser.ts'

const FOLDER = fileURLToPath(new URL('../../../../docs/images/', import.meta.url))
const CALL = 'CA-front-desk'
/** The moment at which the pictures are taken: 28 s into the call. */
const NOW_MS = Date.parse('2026-03-04T10:15:28.000Z')

/** The pictures of docs/console.md: `KAV_DOC_IMAGES=on npx vitest run apps/console/test/browser/screenshots.test.ts`. */
describe.skipIf(CHROMIUM === undefined || process.env['KAV_DOC_IMAGES'] === undefined)('pictures', () => {
  let browser: ConsoleInBrowser
  beforeAll(async () => void (browser = await openConsoleBrowser()))
  afterEach(() => browser.end())
  afterAll(() => browser.close())

  it('of every page', async () => {
    mkdirSync(FOLDER, { recursive: true })
    const { page, api } = await browser.open(longState(), '#/figures')
    await page.setViewport({ width: 1280, height: 820 })
    await page.evaluateOnNewDocument((now) => void (Date.now = () => now), NOW_MS)
    await page.reload()
    const shoot = async (name: string, fragment: string, seen: string): Promise<void> => {
      await goTo(page, fragment)
      await untilSeen(page, seen)
      if (name === 'live-call') await play(page, api)
      // Charts are drawn a moment later.
      await page.waitForNetworkIdle({ idleTime: 300, concurrency: 4 })
      await page.screenshot({ path: `${FOLDER}console-${name}.png` })
    }
    await shoot('live-call', `#/live/${CALL}`, 'weasels have eaten')
    await shoot('calls', '#/calls', '500 calls and more')
    await shoot('call', '#/calls/CA-plain?t=12.3', 'Mind the weasels!')
    await shoot('pipeline', '#/pipelines/front-desk-he', 'did you mean')
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }])
    await shoot('figures', '#/figures', 'Gaps that callers heard')
  })
})

/** The second turn, as far as its answer is half heard. */
async function play(page: Page, api: FakeApi): Promise<void> {
  const tell = (event: string, atMs: number, fields: object, text?: string) =>
    api.tellEvent(CALL, {
      event,
      atMs,
      fields: { ...fields },
      private: { ...(text !== undefined && { text }) },
    })
  const level = (atMs: number, speaks: boolean) => ({
    atMs,
    callerDb: speaks ? -58 : -24 - ((atMs / 200) % 5) * 3,
    agentDb: speaks ? -19 - ((atMs / 200) % 4) * 2 : -96,
    rxQueue: Math.round((atMs / 200) % 3),
    txQueue: speaks ? Math.max(4, Math.round(130 - (atMs - 20_400) / 60)) : 0,
    underruns: atMs > 24_000 ? 1 : 0,
  })
  for (let atMs = 14_000; atMs < 20_400; atMs += 200) api.tellLevel(CALL, level(atMs, false))
  tell('turn_ended', 20_000, { turn: 2 }, 'something is terribly wrong')
  tell('tool_called', 20_100, { turn: 2, tool: 'open_ticket' })
  tell(
    'agent_said',
    20_300,
    { turn: 2 },
    'I am sorry to hear that. I have opened a ticket, and a technician will look at it today.',
  )
  tell('turn_latency', 20_400, {
    turn: 2,
    turn_end_ms: 320,
    first_token_ms: 510,
    first_audio_ms: 690,
    first_frame_ms: 712,
  })
  for (let atMs = 20_400; atMs < 27_600; atMs += 200)
    api.tellLevel(CALL, {
      ...level(atMs, true),
      heard: { turn: 2, chars: Math.round((atMs - 20_400) / 120) },
    })
  await untilSeen(page, '712 ms')
  await page.waitForFunction(
    () => (document.querySelector('.line:last-child .heard')?.textContent?.length ?? 0) > 50,
  )
}
