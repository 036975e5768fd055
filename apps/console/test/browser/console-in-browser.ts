import type { Page } from 'puppeteer-core'
import { type FakeApi, openFakeApi, TOKEN } from '../fake-api/fake-api.ts'
import type { FakeState } from '../fake-api/states.ts'
import { openBrowser, type OpenedBrowser } from './open-browser.ts'

/** The built console in Chromium before a fake server; one browser, a page and a server for each test. */
export interface ConsoleInBrowser {
  /** Signs in by the link that `kav console` prints, and goes to a page. */
  open(state: FakeState, fragment?: string): Promise<{ page: Page; api: FakeApi }>
  /** What pages have thrown or written as errors so far. */
  readonly faults: readonly string[]
  /** Ends the servers and pages of the test. */
  end(): Promise<void>
  close(): Promise<void>
}

export async function openConsoleBrowser(): Promise<ConsoleInBrowser> {
  const opened: OpenedBrowser = await openBrowser({ width: 1360, height: 900 })
  const undo: (() => Promise<unknown>)[] = []
  return {
    faults: opened.faults,
    async open(state, fragment = '#/live') {
      const api = await openFakeApi(state)
      const page = await opened.openPage(`${api.url}#token=${TOKEN}`)
      undo.push(
        () => page.browserContext().close(),
        () => api.close(),
      )
      await page.waitForSelector('main h1')
      await goTo(page, fragment)
      return { page, api }
    },
    async end() {
      for (const step of undo.splice(0)) await step()
    },
    close: () => opened.close(),
  }
}

export async function goTo(page: Page, fragment: string): Promise<void> {
  await page.evaluate((next) => void (location.hash = next), fragment)
  await page.waitForSelector('main h1')
}

/** Waits until some element's text holds `text`. */
export async function untilSeen(page: Page, text: string): Promise<void> {
  await page.waitForFunction((wanted) => document.body.innerText.includes(wanted), { timeout: 120_000 }, text)
}

/** What has the focus: its role or tag, and its name. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    return `${element.getAttribute('role') ?? element.tagName.toLowerCase()}: ${element.getAttribute('aria-label') ?? element.innerText.trim()}`
  })
}
