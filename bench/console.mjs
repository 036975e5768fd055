// How the console's list of calls scrolls: ten thousand calls in Chromium, a wheel's speed, frames counted by the page.
//
//   node bench/console.mjs [--json] [--calls 10000] [--seconds 5] [--chromium /usr/bin/chromium]
//
// The built page is served with a history that is made here. All calls are loaded first; then the list is scrolled by a
// screenful every eighth of a second, each way. Told are frames a second, the longest frame, how many elements the list
// has in the document at most, and what a frame costs the page's own thread: processor time out of Chromium's trace, in
// sum and by kind. Headless Chromium draws in software, in threads of its own: on a machine that is busy, or has few
// cores, frames a second say how that went, and the page's own time says what the page does. A screen of 60 frames a
// second leaves 16.7 ms to each.
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
  await page.tracing.start({ categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] })
  const scrolled = await page.$eval('.call-rows', scroll, Number(flags.seconds) * 1000)
  const trace = JSON.parse(new TextDecoder().decode(await page.tracing.stop()))
  const { frames, ...rest } = scrolled
  const found = { ...rest, ownMs: ownTime(trace.traceEvents, frames) }
  if (flags.json) console.log(JSON.stringify({ calls: CALLS, ...found }))
  else
    console.log(
      `${CALLS} calls: ${found.fps.toFixed(1)} frames a second, the longest ${found.longestMs.toFixed(0)} ms, at most ${found.elements} elements; of the page's own thread ${Object.entries(
        found.ownMs,
      )
        .map(([kind, ms]) => `${kind} ${ms.toFixed(2)} ms`)
        .join(', ')} a frame`,
    )
} finally {
  await browser.close()
  server.close()
}

/** Processor time of the page's thread for each frame, in ms. What is drawn is drawn elsewhere. */
function ownTime(events, frames) {
  const byThread = new Map()
  for (const event of events) {
    if (event.ph !== 'X') continue
    const thread = `${event.pid} ${event.tid}`
    if (!byThread.has(thread)) byThread.set(thread, [])
    byThread.get(thread).push(event)
  }
  const framesOf = (thread) => thread.filter(({ name }) => name === 'FireAnimationFrame').length
  const [page] = [...byThread.values()].sort((one, other) => framesOf(other) - framesOf(one))
  const sumOf = (...names) =>
    page.filter(({ name }) => names.includes(name)).reduce((sum, { tdur, dur }) => sum + (tdur ?? dur), 0) /
    1000 /
    frames
  const [style, layout] = [sumOf('UpdateLayoutTree'), sumOf('Layout')]
  return {
    all: sumOf('RunTask'),
    script: sumOf('FunctionCall'),
    style,
    layout,
    paint: sumOf('PrePaint', 'Paint', 'Layerize', 'Commit'),
  }
}

/** In the page. What it looks at by itself is little, and seldom: it is part of what is measured. */
function scroll(box, lastsMs) {
  const { clientHeight: screenPx, scrollHeight } = box
  const endPx = scrollHeight - screenPx
  let atPx = 0
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
        atPx = Math.min(endPx, Math.max(0, atPx + (way * screenPx * (nowMs - before)) / 125))
        box.scrollTop = atPx
      }
      before = nowMs
      if (found.frames % 50 === 0) found.elements = Math.max(found.elements, box.querySelectorAll('*').length)
      if (atPx === endPx) way = -1
      if (atPx === 0) way = 1
      if (nowMs - began < lastsMs) return requestAnimationFrame(frame)
      resolve({
        frames: found.frames,
        fps: (1000 * found.frames) / (nowMs - began),
        longestMs: found.longestMs,
        elements: found.elements,
      })
    }
    requestAnimationFrame(frame)
  })
}
