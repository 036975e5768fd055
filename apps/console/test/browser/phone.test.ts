import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from '../../../server/test/served-process.ts'
import { writeMicrophoneFile } from './microphone-file.ts'
import { CHROMIUM, openBrowser, type OpenedBrowser } from './open-browser.ts'

const inRoot = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url))
const recorded = (name: string): string => inRoot(`packages/phone/audio/${name}.wav`)
const TOKEN = 'sesame/open+now=123'
const IMAGE = inRoot('docs/images/phone.png')
/** A real call, on whatever machine this is. */
const LIMIT_MS = 150_000

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

describe.skipIf(CHROMIUM === undefined)('the phone in a real browser', () => {
  let dir: string
  let server: ServedProcess
  let opened: OpenedBrowser
  let page: Page

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'kav-phone-'))
    // Over and over: who is slow to answer is spoken to again.
    const microphone = writeMicrophoneFile(join(dir, 'microphone.wav'), [
      { silenceMs: 7000 },
      recorded('tt-weasels'),
      { silenceMs: 4500 },
      recorded('something-terribly-wrong'),
      { silenceMs: 12_000 },
    ])
    server = await serveProcess(inRoot('pipelines/demo.yaml'), { KAV_ADMIN_TOKEN: TOKEN })
    opened = await openBrowser({ microphone, height: 900 })
    const to = encodeURIComponent('/phone?pipeline=demo')
    page = await opened.openPage(`${server.adminUrl}/console/#token=${encodeURIComponent(TOKEN)}&to=${to}`)
  }, LIMIT_MS)
  afterAll(async () => {
    await opened?.close()
    await server?.remove()
    rmSync(dir, { recursive: true, force: true })
  })

  const figure = (key: string): Promise<string> =>
    page.$eval(`[data-figure="${key}"]`, (element) => element.textContent ?? '')
  const until = (selector: string) => page.waitForSelector(selector, { timeout: LIMIT_MS })

  it(
    'talks to the demo, interrupts it, and shows what was heard as the call’s record has it',
    async () => {
      await (await until('.phone-form button[type=submit]'))!.click()
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
      expect(await figure('violations')).toBe('0')

      await (await until('[aria-label="Key 5"]'))!.click()
      const pressed = () => server.lines.some(({ event }) => event === 'dtmf')
      await expect.poll(pressed, { timeout: LIMIT_MS }).toBe(true)

      await (await until('.phone-form button.danger'))!.click()
      await until('[data-state="over"]')
      const record = await recordOf(server)
      await expect.poll(() => shownLines(page), { timeout: LIMIT_MS }).toEqual(linesOf(record.transcript))
      expect(record.endedBy).toBe('caller')
      expect(record.transcript.some(({ heard }) => heard !== undefined)).toBe(true)
      expect(opened.faults).toEqual([])
    },
    LIMIT_MS,
  )
})

/** The file is written whole. */
async function recordOf({ dir }: ServedProcess) {
  const folder = join(dir, 'recordings')
  const files = () => readdirSync(folder).filter((name) => name.endsWith('.json'))
  await expect.poll(files, { timeout: LIMIT_MS }).toHaveLength(1)
  return JSON.parse(readFileSync(join(folder, files()[0]!), 'utf8')) as {
    readonly endedBy: string
    readonly transcript: readonly RecordLine[]
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
