import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { busyState, emptyState } from '../fake-api/states.ts'
import { type ConsoleInBrowser, openConsoleBrowser, untilSeen } from './console-in-browser.ts'
import { CHROMIUM } from './open-browser.ts'

/** The page's policy takes no script tag: the debugger runs it. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const PAGES = [
  ['#/live', '4 calls'],
  ['#/live/CA-front-desk', 'weasels have eaten'],
  ['#/live/CA-hebrew', 'Transcript'],
  ['#/calls', '3 calls'],
  ['#/calls/CA-plain', 'Mind the weasels!'],
  ['#/calls/CA-hebrew-over', 'find_slot'],
  ['#/calls/CA-none', 'Nothing is at'],
  ['#/figures', 'Gaps that callers heard'],
  ['#/pipelines', 'reminders'],
  ['#/pipelines/front-desk', 'What it comes to'],
  ['#/pipelines/front-desk-he', 'did you mean'],
  ['#/nowhere', 'Nothing is at this address'],
] as const

describe.skipIf(CHROMIUM === undefined).each(['light', 'dark'] as const)(
  'every page in %s colours',
  (colours) => {
    let browser: ConsoleInBrowser
    beforeAll(async () => void (browser = await openConsoleBrowser()))
    afterEach(() => browser.end())
    afterAll(() => browser.close())

    it('has nothing that axe finds wrong, and fits a narrow screen', async () => {
      const { page } = await browser.open(busyState())
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: colours }])
      await page.evaluate(AXE)
      for (const [fragment, seen] of PAGES) {
        await page.evaluate((next) => void (location.hash = next), fragment)
        await untilSeen(page, seen)
        expect(await violations(page), fragment).toEqual([])
        await page.setViewport({ width: 380, height: 740 })
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth),
          `${fragment}, narrow`,
        ).toBeLessThanOrEqual(380)
        await page.setViewport({ width: 1360, height: 900 })
      }
      await page.locator('::-p-aria(Sign out)').click()
      await untilSeen(page, 'KAV_ADMIN_TOKEN')
      expect(await violations(page), 'sign-in').toEqual([])
    })

    it('has nothing wrong when there is nothing to show', async () => {
      const { page } = await browser.open(emptyState())
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: colours }])
      await page.evaluate(AXE)
      for (const [fragment, seen] of [
        ['#/live', 'No call is running.'],
        ['#/calls', 'No call is kept yet.'],
        ['#/figures', 'No pipeline runs.'],
        ['#/pipelines', 'No pipeline takes calls.'],
      ] as const) {
        await page.evaluate((next) => void (location.hash = next), fragment)
        await untilSeen(page, seen)
        expect(await violations(page), fragment).toEqual([])
      }
    })
  },
)

async function violations(page: Parameters<typeof untilSeen>[0]): Promise<readonly string[]> {
  const { violations: found } = await page.evaluate(
    (tags) =>
      (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        runOnly: tags,
      }),
    RULES,
  )
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary}`),
  )
}
