import type { CallRecord } from '@kav/client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openFakeApi, TOKEN } from '../fake-api/fake-api.ts'
import { PLAIN_RECORD, TORN_RECORD } from '../fake-api/records.ts'
import { busyState, emptyState, longState } from '../fake-api/states.ts'
import { type ConsoleInBrowser, focused, goTo, openConsoleBrowser, untilSeen } from './console-in-browser.ts'
import { CHROMIUM, openBrowser } from './open-browser.ts'

const CALL = 'CA-front-desk'

describe.skipIf(CHROMIUM === undefined)('the console in Chromium', () => {
  let browser: ConsoleInBrowser
  beforeAll(async () => void (browser = await openConsoleBrowser()))
  afterEach(() => browser.end())
  afterAll(async () => {
    // What the servers of the tests refuse or cut off is told, too.
    expect(browser.faults.filter((fault) => !fault.startsWith('Failed to load resource'))).toEqual([])
    await browser.close()
  })

  it('signs in by the link, takes the token off the address, and forgets it with the tab', async () => {
    const { page } = await browser.open(emptyState())
    await untilSeen(page, 'No call is running.')
    expect(page.url()).not.toContain(TOKEN)
    expect(await page.evaluate(() => [sessionStorage.length, document.cookie])).toEqual([1, ''])
    await page.reload()
    await untilSeen(page, 'No call is running.')
    await page.locator('::-p-aria(Sign out)').click()
    await untilSeen(page, 'KAV_ADMIN_TOKEN')
  })

  it('shows calls that run, as they begin and end', async () => {
    const state = busyState()
    const { page, api } = await browser.open(state)
    await untilSeen(page, '4 calls')
    expect(
      await page.$$eval('tbody tr', (rows) => rows.map((row) => row.innerText.replace(/\s+/g, ' '))),
    ).toEqual([
      expect.stringMatching(/\+15005550006 to \+15005550001 Agent front-desk 2|\+15005550006/),
      expect.stringContaining('+972500000001'),
      expect.stringContaining('Both, muted'),
      expect.stringContaining('is being put through'),
    ])
    api.tellChange('ended', CALL)
    await untilSeen(page, '3 calls')
    api.tellChange('began', CALL)
    await untilSeen(page, '4 calls')
  })

  it('says that the line is lost, and goes on when it is back', async () => {
    const { page, api } = await browser.open(busyState())
    await untilSeen(page, '4 calls')
    api.cutStreams()
    await untilSeen(page, 'The line to the server is lost')
    await page.waitForFunction(() => !document.body.innerText.includes('is lost'))
    await untilSeen(page, '4 calls')
  })

  it('shows a call as it runs: words, what was heard, the turn, levels', async () => {
    const { page, api } = await browser.open(busyState(), `#/live/${CALL}`)
    await untilSeen(page, 'weasels have eaten')
    expect(await page.$eval('.line del.unheard', (one) => (one as HTMLElement).textContent)).toBe(
      'Not heard: expert, with a very large sandwich. Is anything else wrong?',
    )
    const tell = (event: string, atMs: number, fields: object, text: string) =>
      api.tellEvent(CALL, { event, atMs, fields: { ...fields }, private: { text } })
    tell('partial', 19_000, {}, 'something is')
    await untilSeen(page, 'something is …')
    tell('turn_ended', 20_000, { turn: 2 }, 'something is terribly wrong')
    tell('agent_said', 20_400, { turn: 2 }, 'I am sorry to hear that.')
    tell(
      'turn_latency',
      20_500,
      { turn: 2, turn_end_ms: 320, first_token_ms: 610, first_audio_ms: 790, first_frame_ms: 812 },
      '',
    )
    await untilSeen(page, '812 ms')
    api.tellLevel(CALL, {
      atMs: 20_900,
      callerDb: -50,
      agentDb: -18,
      rxQueue: 2,
      txQueue: 70,
      underruns: 3,
      heard: { turn: 2, chars: 10 },
    })
    await page.waitForFunction(
      () => document.querySelector('.line:last-child .heard')?.textContent?.trim() === 'I am sorry',
    )
    expect(await page.$eval('.line:last-child .pending', (one) => one.textContent)).toBe('to hear that.')
    expect(
      await page.$eval('[aria-label="Level of the agent"]', (one) => one.getAttribute('aria-valuetext')),
    ).toBe('-18 dB')
    await untilSeen(page, '3 so far')
    api.tellEvent(CALL, {
      event: 'interrupted',
      atMs: 21_500,
      fields: { turn: 2 },
      private: { heard: 'I am sorry to' },
    })
    await page.waitForFunction(() =>
      document.querySelector('.line:last-child del')?.textContent?.endsWith('hear that.'),
    )
    api.tellEvent(CALL, { event: 'call_ended', atMs: 30_000, fields: {} })
    await untilSeen(page, 'The call is over.')
  })

  it('does what the operator asks, asks before it hangs up, and says what was refused', async () => {
    const { page, api } = await browser.open(busyState(), `#/live/${CALL}`)
    await page.locator('::-p-aria(Say to the caller, in the agent’s voice)').fill('One moment, please.')
    await page.keyboard.press('Enter')
    await untilSeen(page, 'The agent says it.')
    await page.locator('::-p-aria(Mute agent)').click()
    await untilSeen(page, 'The caller no longer hears the agent.')
    api.refuseNext({
      status: 409,
      code: 'cannot-do',
      message: 'This carrier presses no keys.',
      fix: 'Say them.',
    })
    await page.locator('::-p-aria(Keys to press)').fill('12#')
    await page.keyboard.press('Enter')
    await untilSeen(page, 'This carrier presses no keys. Say them.')
    // What is no number is not even asked for.
    await page.locator('::-p-aria(Transfer to a number or a SIP address)').fill('the boss')
    await page.keyboard.press('Enter')
    await page.locator('::-p-aria(Hang up…)').click()
    expect(await focused(page)).toBe('button: Let it go on')
    await page.keyboard.press('Escape')
    await page.locator('::-p-aria(Hang up…)').click()
    await page.locator('dialog .danger').click()
    await untilSeen(page, 'The call is being ended.')
    expect(api.commands).toEqual([
      `POST /api/calls/${CALL}/say {"text":"One moment, please."}`,
      `POST /api/calls/${CALL}/mute {"on":true}`,
      `POST /api/calls/${CALL}/keys {"digits":"12#"}`,
      `POST /api/calls/${CALL}/hangup {}`,
    ])
  })

  it('plays both sides of a call, and no longer when the page is left', async () => {
    const { page, api } = await browser.open(busyState(), `#/live/${CALL}`)
    await page.locator('::-p-aria(Listen)').click()
    await expect.poll(() => api.listeners).toBe(1)
    api.sendSound(0, 0x12)
    api.sendSound(1, 0x92)
    await goTo(page, '#/figures')
    await expect.poll(() => api.listeners).toBe(0)
  })

  it('searches calls, keeps the search in the address, and comes back to the list as it was', async () => {
    const { page } = await browser.open(longState(), '#/calls')
    await untilSeen(page, '500 calls and more')
    await page.locator('::-p-aria(Words that were said)').fill('weasels')
    await page.keyboard.press('Enter')
    await untilSeen(page, '1 call')
    expect(page.url()).toContain('#/calls?text=weasels')
    await page.locator('.call-rows a').click()
    await untilSeen(page, 'Mind the weasels!')
    await page.goBack()
    await page.waitForSelector('.call-rows [role="row"]')
    expect(await page.$$eval('.call-rows [role="row"]', (rows) => rows.length)).toBe(1)
  })

  it('draws a few dozen rows of ten thousand calls, wherever it is scrolled to', async () => {
    const { page } = await browser.open(longState(), '#/calls')
    await untilSeen(page, '500 calls and more')
    await page.focus('.call-rows [role="row"]')
    // To the end of what is known, which brings the next ones.
    for (let known = 500; known < 10_000; known += 500) {
      await page.keyboard.press('End')
      await page.waitForFunction(
        (count) => Number(document.querySelector('[role="grid"]')?.getAttribute('aria-rowcount')) > count + 1,
        {},
        known,
      )
    }
    await untilSeen(page, '10,000 calls')
    const view = await page.$eval('.call-rows', (box) => {
      const seen: { rows: number; covered: boolean }[] = []
      return new Promise<typeof seen>((resolve) => {
        let at = 0
        const step = () => {
          const rows = [...box.querySelectorAll('[role="row"]')].map((row) => row.getBoundingClientRect())
          const { top, bottom } = box.getBoundingClientRect()
          seen.push({
            rows: rows.length,
            covered:
              Math.min(...rows.map((row) => row.top)) <= top + 1 &&
              Math.max(...rows.map((row) => row.bottom)) >= bottom - 1,
          })
          if (at >= 1) return resolve(seen)
          at += 0.125
          box.scrollTop = at * (box.scrollHeight - box.clientHeight)
          requestAnimationFrame(() => requestAnimationFrame(step))
        }
        box.scrollTop = 0
        requestAnimationFrame(() => requestAnimationFrame(step))
      })
    })
    expect(view).toHaveLength(9)
    for (const { rows, covered } of view) {
      expect(rows).toBeLessThan(60)
      expect(covered).toBe(true)
    }
    expect(await page.$eval('.call-rows', (box) => box.querySelectorAll('*').length)).toBeLessThan(1000)
  })

  it('is walked through by the keyboard alone', async () => {
    const { page } = await browser.open(busyState())
    await untilSeen(page, '4 calls')
    await page.reload()
    await untilSeen(page, '4 calls')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('a: To the page')
    await page.keyboard.press('Enter')
    expect(await focused(page)).toMatch(/^main/)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toContain('+15005550006')
    await page.keyboard.press('Enter')
    await untilSeen(page, 'weasels have eaten')
    await expect.poll(() => focused(page)).toMatch(/^h1: Call from .*\+15005550006/)
    await goTo(page, '#/calls')
    await page.waitForSelector('.call-rows [role="row"]')
    await page.focus('.call-rows [role="row"]')
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => focused(page)).toContain('+972500000001')
    await page.keyboard.press('Enter')
    await untilSeen(page, 'find_slot')
  })

  it('plays a call from a moment that a link names, and from any line', async () => {
    const { page } = await browser.open(busyState(), '#/calls/CA-plain?t=12.3')
    await page.waitForSelector('audio')
    await page.waitForFunction(
      () => Math.abs((document.querySelector('audio')?.currentTime ?? 0) - 12.3) < 0.01,
    )
    expect(await page.$eval('[role="slider"]', (one) => one.getAttribute('aria-valuetext'))).toBe(
      '12 seconds of 36 seconds',
    )
    await page.focus('[role="slider"]')
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(
      () => document.querySelector('[role="slider"]')?.getAttribute('aria-valuenow') === '13',
    )
    await page.locator('.call-lines li:nth-child(6) button').click()
    await page.waitForFunction(() => {
      const audio = document.querySelector('audio')
      return audio !== null && !audio.paused && audio.currentTime >= 24.2
    })
    await untilSeen(page, '"ticket": "T-4711"')
    await untilSeen(page, '$0.0217')
  })

  it('shows the record of a call that has just ended as soon as it is written', async () => {
    const records = new Map<string, CallRecord>([
      ['CA-plain', { ...TORN_RECORD, callId: 'CA-plain', state: 'begun', endedBy: '' }],
    ])
    const { page } = await browser.open({ ...busyState(), records }, '#/calls/CA-plain')
    await untilSeen(page, 'its record is being written')
    expect(await page.$('audio')).toBeNull()
    records.set('CA-plain', PLAIN_RECORD)
    await untilSeen(page, 'Mind the weasels!')
    await page.waitForSelector('audio')
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('is being written')
  })

  it('shows a torn call as what is left of it', async () => {
    const { page } = await browser.open(busyState(), '#/calls/CA-torn')
    await untilSeen(page, 'its process: this is all that is left')
    await untilSeen(page, 'Nothing of what was said is kept.')
    await goTo(page, '#/calls/CA-none')
    await untilSeen(page, 'Nothing is at /api/history/CA-none.')
  })

  it('shows how calls ended over a time that is chosen, for eyes, keys and ears', async () => {
    const { page } = await browser.open(busyState(), '#/figures')
    await untilSeen(page, 'How calls ended')
    await page.waitForSelector('.outcome-chart canvas')
    const told = () => page.$eval('.outcome-chart', (one) => one.getAttribute('aria-valuetext'))
    expect(await told()).toMatch(/calls: .*3 not ended$/)
    await page.focus('.outcome-chart')
    await page.keyboard.press('Home')
    await expect.poll(told).toMatch(/ calls: 9 caller hung up, 5 agent hung up, 1 transferred$/)
    expect(await page.$eval('.picked', (one) => one.textContent)).toBe(await told())
    const rows = () => page.$$eval('.as-table tbody tr', (all) => all.length)
    expect(await rows()).toBe(24)
    await page.select('[aria-label="Time shown"]', 'week')
    await expect.poll(rows).toBe(7)
    expect(page.url()).toContain('#/figures?span=week')
    await page.reload()
    await expect.poll(rows).toBe(7)
    const asked = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    )
    expect(asked.filter((path) => path === '/metrics' || path === '/readyz')).toEqual([])
  })

  it('underlines what is wrong with a pipeline, and goes to it', async () => {
    const { page } = await browser.open(busyState(), '#/pipelines/front-desk-he')
    await untilSeen(page, 'did you mean "language"?')
    expect(await page.$$eval('mark', (marks) => marks.map((mark) => mark.textContent))).toEqual([
      'langauge',
      'europe-west9',
    ])
    await page.locator('.problems a').click()
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('line-8')
    await goTo(page, '#/pipelines/front-desk')
    await untilSeen(page, 'auth_token: "(secret)"')
  })

  it('turns Hebrew lines, and no number in them', async () => {
    const { page } = await browser.open(busyState(), '#/calls/CA-hebrew-over')
    await untilSeen(page, 'find_slot')
    const directions = await page.$$eval('.words', (lines) =>
      lines.map((line) => getComputedStyle(line).direction),
    )
    expect(directions).toEqual(['rtl', 'rtl', 'rtl'])
    expect(
      await page.$$eval('.words bdi', (numbers) =>
        numbers.map((one) => [one.textContent, getComputedStyle(one).direction]),
      ),
    ).toEqual([
      ['16:30', 'ltr'],
      ['16:30', 'ltr'],
      ['+972 50-000-0001', 'ltr'],
    ])
  })
})

it.skipIf(CHROMIUM === undefined)(
  'asks for the token, says when it is wrong, and lands on the page that was asked for',
  async () => {
    const api = await openFakeApi(busyState())
    const { openPage, close } = await openBrowser()
    try {
      const page = await openPage(`${api.url}#/figures`)
      const field = await page.waitForSelector('input[name="token"]')
      await field!.type('not-the-token')
      await page.keyboard.press('Enter')
      await untilSeen(page, 'This is not the token of this server.')
      await page.$eval('input[name="token"]', (input) => void (input.value = ''))
      await field!.type(TOKEN)
      await page.keyboard.press('Enter')
      await untilSeen(page, 'Gaps that callers heard')
    } finally {
      await close()
      await api.close()
    }
  },
)
