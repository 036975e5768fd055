// How the console's list of calls scrolls: ten thousand calls in Chromium, a wheel's speed, frames counted by the page.
//
//   node bench/console.mjs [--json] [--calls 10000] [--seconds 5] [--chromium /usr/bin/chromium]
//
// The built page is served with a history that is made here. All calls are loaded first; then the list is scrolled by a
// screenful every eighth of a second, each way. Told are frames a second, the longest frame, and how many elements the
// list has in the document at most. Headless Chromium draws in software: what a screen adds is not in it.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { consoleFolder } from '@kav/console'
import puppeteer from 'puppeteer-core'

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    calls: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '5' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
})
const CALLS = Number(flags.calls)
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

const calls = Array.from({ length: CALLS }, (_, index) => ({
  id: `CA${index}`,
  startedAt: new Date(Date.UTC(2026, 0, 1) - index * 180_000).toISOString(),
  state: 'ended',
  pipeline: 'front-desk',
  direction: 'in',
  from: `+1500555${1000 + (index % 9000)}`,
  to: '+15005550001',
  durationMs: 20_000 + ((index * 7919) % 400_000),
  outcome: 'caller',
  turns: 1 + (index % 12),
  slowestMs: 400 + ((index * 331) % 2400),
  cost: 0.01,
  currency: 'USD',
}))

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://kav')
  if (url.pathname.startsWith('/console/')) {
    const name = url.pathname.slice('/console/'.length) || 'index.html'
    response.setHeader('content-type', TYPES[extname(name)] ?? 'text/plain')
    return response.end(readFileSync(join(consoleFolder, name)))
  }
  const from = Number(url.searchParams.get('cursor') ?? 0)
  const end = from + Number(url.searchParams.get('limit') ?? 50)
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ calls: calls.slice(from, end), ...(end < CALLS && { next: String(end) }) }))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const browser = await puppeteer.launch({ executablePath: flags.chromium, args: ['--no-sandbox'] })
try {
  const page = await browser.newPage()
  await page.setViewport({ width: 1360, height: 900 })
  await page.goto(`http://127.0.0.1:${server.address().port}/console/#token=bench&to=%2Fcalls`)
  await page.waitForSelector('.call-rows [role="row"]')
  await page.focus('.call-rows [role="row"]')
  for (let known = 500; known < CALLS; known += 500) {
    await page.keyboard.press('End')
    await page.waitForFunction(
      (count) => Number(document.querySelector('[role="grid"]').getAttribute('aria-rowcount')) > count + 1,
      {},
      known,
    )
  }
  const found = await page.$eval('.call-rows', scroll, Number(flags.seconds) * 1000)
  if (flags.json) console.log(JSON.stringify({ calls: CALLS, ...found }))
  else
    console.log(
      `${CALLS} calls: ${found.fps.toFixed(1)} frames a second, the longest ${found.longestMs.toFixed(0)} ms, at most ${found.elements} elements`,
    )
} finally {
  await browser.close()
  server.close()
}

/** In the page. */
function scroll(box, lastsMs) {
  box.scrollTop = 0
  return new Promise((resolve) => {
    const found = { frames: 0, longestMs: 0, elements: 0 }
    let way = 1
    let before
    let began
    const frame = (nowMs) => {
      began ??= nowMs
      if (before !== undefined) {
        found.frames++
        found.longestMs = Math.max(found.longestMs, nowMs - before)
        box.scrollTop += (way * box.clientHeight * (nowMs - before)) / 125
      }
      before = nowMs
      found.elements = Math.max(found.elements, box.querySelectorAll('*').length)
      if (box.scrollTop + box.clientHeight >= box.scrollHeight - 1) way = -1
      if (box.scrollTop <= 0) way = 1
      if (nowMs - began < lastsMs) return requestAnimationFrame(frame)
      resolve({
        fps: (1000 * found.frames) / (nowMs - began),
        longestMs: found.longestMs,
        elements: found.elements,
      })
    }
    requestAnimationFrame(frame)
  })
}
