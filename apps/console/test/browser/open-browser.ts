import { existsSync } from 'node:fs'
import puppeteer, { type Browser, type Page } from 'puppeteer-core'

/** The Chromium that the tests drive, `undefined` where none is installed: `describe.skipIf(CHROMIUM === undefined)`. */
export const CHROMIUM: string | undefined = [
  process.env['KAV_CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find(existsSync)

if (CHROMIUM === undefined)
  console.warn('chromium SKIPPED: tests in a browser want it: apt-get install chromium, or set KAV_CHROMIUM')

export interface BrowserOptions {
  /** A WAV that is played into the microphone, from the moment it is opened, over and over. Default: beeps. */
  readonly microphone?: string
  /** Default 1280 × 800. */
  readonly width?: number
  readonly height?: number
}

export interface OpenedBrowser {
  readonly browser: Browser
  /** A page without history or storage of another's. What goes wrong in it stands in `faults`. */
  openPage(url: string): Promise<Page>
  /** What pages have thrown, and what they wrote as errors. */
  readonly faults: readonly string[]
  close(): Promise<void>
}

/** Starts Chromium without a screen. Its sound goes nowhere, in real time all the same. */
export async function openBrowser(options: BrowserOptions = {}): Promise<OpenedBrowser> {
  const { microphone, width = 1280, height = 800 } = options
  const browser = await puppeteer.launch({
    executablePath: CHROMIUM!,
    headless: true,
    defaultViewport: { width, height },
    // What a page is waited for is the test's to say.
    protocolTimeout: 600_000,
    args: [
      // As root in a container there is no sandbox to be had; the pages are our own.
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(microphone === undefined ? [] : [`--use-file-for-fake-audio-capture=${microphone}`]),
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-timer-throttling',
      '--disable-renderer-backgrounding',
      '--disable-features=Translate,OptimizationHints,MediaRouter',
      '--no-first-run',
      '--lang=en-US',
    ],
  })
  const faults: string[] = []
  return {
    browser,
    faults,
    async openPage(url) {
      const context = await browser.createBrowserContext()
      const page = await context.newPage()
      page.on('pageerror', (error) => faults.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text())
      })
      await page.goto(url)
      return page
    },
    close: () => browser.close(),
  }
}
