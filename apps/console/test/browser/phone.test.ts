import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createKavClient } from '@kav/client'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, type ExpectStatic, it } from 'vitest'
import { serveProcess, type ServedProcess } from '../../../server/test/served-process.ts'
import { writeMicrophoneFile } from './microphone-file.ts'
import { CHROMIUM, openBrowser, type OpenedBrowser } from './open-browser.ts'

const inRoot = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const recorded = (name: string): string => inRoot(`packages/phone/audio/${name}.wav`)
const TOKEN = 'sesame/open+now=123'
const IMAGE = inRoot('docs/images/phone.png')
/** A real call, on whatever machine this is. */
const LIMIT_MS = 240_000
/** That of the demo is longer. */
const GREETING_MS = 4000
/** As much as the slider gives. */
const JITTER_MS = 500

interface RecordLine {
  readonly who: 'caller' | 'agent'
  readonly text: string
  readonly heard?: string
}

/** What the page shows of the conversation. */
interface ShownLine {
  readonly who: string
  readonly heard: string
  readonly unheard: string
}

/** Two calls beside each other, each of its own browser: a call takes as long as it takes. */
describe.skipIf(CHROMIUM === undefined)('the phone in a real browser', () => {
  let dir: string
  let server: ServedProcess
  let opened: OpenedBrowser
  let badLine: OpenedBrowser

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'kav-phone-'))
    const said = recorded('something-terribly-wrong')
    // Over and over: who is slow to answer is spoken to again.
    const microphone = writeMicrophoneFile(join(dir, 'microphone.wav'), [
      { silenceMs: 7000 },
      recorded('tt-weasels'),
      { silenceMs: 4500 },
      said,
      { silenceMs: 12_000 },
    ])
    // Nobody speaks into the greeting; then somebody does without an end.
    const endless = writeMicrophoneFile(join(dir, 'endless.wav'), [
      { silenceMs: 11_000 },
      ...Array.from({ length: 8 }, () => [said, { silenceMs: 300 }]).flat(),
    ])
    ;[server, opened, badLine] = await Promise.all([
      serveProcess(inRoot('pipelines/demo.yaml'), { KAV_ADMIN_TOKEN: TOKEN }),
      openBrowser({ microphone, height: 900 }),
      openBrowser({ microphone: endless, height: 900 }),
    ])
  }, LIMIT_MS)
  afterAll(async () => {
    await Promise.all([opened?.close(), badLine?.close()])
    await server?.remove()
    rmSync(dir, { recursive: true, force: true })
  })

  const openPhone = ({ openPage }: OpenedBrowser): Promise<Page> =>
    openPage(
      `${server.adminUrl}/console/#token=${encodeURIComponent(TOKEN)}&to=${encodeURIComponent('/phone?pipeline=demo')}`,
    )

  const figureOf = (page: Page, key: string): Promise<string> =>
    page.$eval(`[data-figure="${key}"]`, (element) => element.textContent ?? '')

  it.concurrent(
    'talks to the demo, interrupts it, and shows what was heard as the call’s record has it',
    async ({ expect }) => {
      const page = await openPhone(opened)
      const until = (selector: string) => page.waitForSelector(selector, { timeout: LIMIT_MS })
      const id = await dial(page)
      await until('[data-state="on"]')

      // The greeting, an answer, and an answer that was cut off.
      await until('.line.caller:not(.partial)')
      await until('.line.agent .unheard')
      await page.waitForFunction(
        () => /^[1-9]\d*,/.test(document.querySelector('[data-figure="marks"]')?.textContent ?? ''),
        { timeout: LIMIT_MS },
      )
      if (process.env['KAV_DOC_IMAGES'] !== undefined) {
        mkdirSync(dirname(IMAGE), { recursive: true })
        await page.screenshot({ path: IMAGE })
      }
      expect(await figureOf(page, 'violations')).toBe('0')

      await (await until('[aria-label="Key 5"]'))!.click()
      const pressed = () => server.lines.some(({ event }) => event === 'dtmf')
      await expect.poll(pressed, { timeout: LIMIT_MS }).toBe(true)

      await (await until('.phone-form button.danger'))!.click()
      await until('[data-state="over"]')
      const record = await recordOf(server, id, expect)
      await expect.poll(() => shownLines(page), { timeout: LIMIT_MS }).toEqual(linesOf(record.transcript))
      expect(record.endedBy).toBe('caller')
      expect(record.transcript.some(({ heard }) => heard !== undefined)).toBe(true)
      expect(opened.faults).toEqual([])
    },
    LIMIT_MS,
  )

  it.concurrent(
    'makes the line a bad one for the server, too: what is lost, late, uneven or muted',
    async ({ expect }) => {
      const page = await openPhone(badLine)
      const slide = (name: string, value: number) =>
        page.$$eval(
          '.slider input',
          (sliders, wanted, to) => {
            const slider = sliders.find((one) => one.parentElement!.innerText.startsWith(wanted))!
            slider.value = String(to)
            slider.dispatchEvent(new Event('input', { bubbles: true }))
          },
          name,
          value,
        )
      const figure = async (key: string) => (await figureOf(page, key)).match(/\d+/g)!.map(Number)
      await page.waitForSelector('.sliders')
      await slide('Delay', 800)
      await slide('Loss', 20)
      await slide('Jitter', JITTER_MS)
      const id = await dial(page)
      await page.waitForSelector('[data-state="on"]', { timeout: LIMIT_MS })
      const client = createKavClient({ url: server.adminUrl, token: TOKEN })
      const running = async () =>
        (await client.calls.list()).filter((one) => one.state === 'running' && one.id === id)
      await expect.poll(running, { timeout: LIMIT_MS }).toHaveLength(1)

      // Its mark has been to the ear and back: twice the delay after the last of it was sent.
      let greetingEndMs = 0
      let loud = false
      let quietLevels = 0
      for await (const { event, data } of client.calls.events(id)) {
        if (event === 'event' && data.event === 'greeting_end') greetingEndMs = data.atMs
        if (event !== 'level') continue
        if (!loud && data.callerDb > -45) {
          loud = true
          await page.locator('::-p-aria(Mute microphone)').click()
        } else if (loud) quietLevels = data.callerDb < -90 ? quietLevels + 1 : 0
        // Longer than any silence of the microphone's.
        if (quietLevels >= 6 && greetingEndMs > 0) break
      }
      expect(greetingEndMs).toBeGreaterThan(0)
      const [lostUp, lostDown] = (await figure('lost')) as [number, number]
      expect(lostDown).toBeGreaterThan(20)
      await page.click('.phone-form button.danger')
      await page.waitForSelector('[data-state="over"]')
      const { counters, events } = await recordOf(server, id, expect)
      // Frames that come late come together: no second has as many as the one before.
      const uneven = framesASecond(server, id).filter((count) => Math.abs(count - 40) >= 6)
      expect(uneven.length).toBeGreaterThanOrEqual(2)
      const [frames] = (await figure('frames')) as [number]
      const [lostInAll] = (await figure('lost')) as [number]
      expect(lostInAll).toBeGreaterThanOrEqual(lostUp)
      expect(lostUp / frames).toBeGreaterThan(0.1)
      // What was on the line when it was cut has not come: as long as a busy machine lets it wait there.
      const missing = frames - lostInAll - counters['rx_frames']!
      expect(missing).toBeGreaterThanOrEqual(0)
      expect(missing).toBeLessThan(frames / 4)
      const queued = events.find(({ event }) => event === 'greeting_queued')!
      expect(events.find(({ event }) => event === 'greeting_end')!.atMs - queued.atMs).toBeGreaterThan(
        GREETING_MS + 2 * 800,
      )
      expect(badLine.faults).toEqual([])
    },
    LIMIT_MS,
  )
})

/** Resolves with the call's id. */
async function dial(page: Page): Promise<string> {
  await page.waitForSelector('.phone-form button[type=submit]', { timeout: LIMIT_MS })
  const [answer] = await Promise.all([
    page.waitForResponse((response) => new URL(response.url()).pathname === '/api/phone', {
      timeout: LIMIT_MS,
    }),
    page.click('.phone-form button[type=submit]'),
  ])
  return ((await answer.json()) as { readonly callId: string }).callId
}

/** What the server says that it was sent in each second; those in which the call begins and ends are left out. */
function framesASecond({ lines }: ServedProcess, id: string): readonly number[] {
  return lines
    .filter(({ call, event }) => call === id && event === 'rx_second')
    .map((line) => Number(line['fps_in']))
    .slice(3, -3)
}

/** The file is written whole. */
async function recordOf({ dir }: ServedProcess, id: string, { poll }: ExpectStatic) {
  const folder = join(dir, 'recordings')
  const files = () => readdirSync(folder).filter((name) => name.endsWith(`_${id}.json`))
  await poll(files, { timeout: LIMIT_MS }).toHaveLength(1)
  return JSON.parse(readFileSync(join(folder, files()[0]!), 'utf8')) as {
    readonly endedBy: string
    readonly transcript: readonly RecordLine[]
    readonly counters: Readonly<Record<string, number>>
    readonly events: readonly { readonly event: string; readonly atMs: number }[]
  }
}

function shownLines(page: Page): Promise<readonly ShownLine[]> {
  return page.$$eval('.line:not(.partial)', (lines) =>
    lines.map((line) => {
      const words = line.querySelector('.words')!
      const unheard = line.querySelector('.unheard')?.lastChild?.textContent ?? ''
      const heard = words.querySelector('.heard')?.textContent
      return {
        who: line.classList.contains('caller') ? 'caller' : 'agent',
        heard: (heard ?? (unheard === '' ? words.textContent : '')).trim(),
        unheard: unheard.trim(),
      }
    }),
  )
}

function linesOf(transcript: readonly RecordLine[]): readonly ShownLine[] {
  return transcript.map(({ who, text, heard = text }) => ({
    who,
    heard: heard.trim(),
    unheard: text.startsWith(heard) ? text.slice(heard.length).trim() : '',
  }))
}
