// The processes of one measurement. Each round starts fresh ones and ends them, whatever happens.

import { startChild } from './children.mjs'

/** Runs `body` with a way to start children, and stops all of them after it. */
async function withChildren(body) {
  const children = []
  try {
    return await body(async (file, options) => {
      const child = await startChild(file, options)
      children.push(child)
      return child
    })
  } finally {
    await Promise.all(children.map((child) => child.stop()))
  }
}

const SERVERS = {
  kav: 'servers/kav.mjs',
  echo: 'servers/echo.mjs',
  reference: 'servers/reference-pacer.mjs',
}

/**
 * A server, callers and, when asked for, the reference pacer with 20 calls of its own:
 * `body({ server, callers })` with `calls` calls up for `warmUpMs`.
 */
export async function withCalls(options, body) {
  const { server: kind, calls, warmUpMs, reference = false, pipeline = 'speaking.yaml', env = {} } = options
  return withChildren(async (start) => {
    const server = await start(SERVERS[kind], { args: [pipeline], env, nodeFlags: options.nodeFlags ?? [] })
    const callers = await start('callers/load.mjs')
    if (reference) {
      const pacer = await start(SERVERS.reference)
      await callers.ask('dial', { group: 'reference', count: 20, target: { ...pacer.ready, strict: false } })
    }
    const dial = (count, more = {}) =>
      callers.ask('dial', {
        group: 'calls',
        count,
        target: { ...server.ready, strict: kind === 'kav' },
        ...more,
      })
    if (calls > 0) await dial(calls)
    await sleep(warmUpMs ?? 0)
    return body({ server, callers, dial })
  })
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Past these the machine was too busy to say anything about the server. */
const MAX_REFERENCE_LATE_MS = 5
const MAX_SEND_LAG_MS = 3

/** Why a window is void, or undefined. */
export function voidReason(window) {
  const { sendLagMs, groups } = window
  const reference = groups.reference?.latenessMs.p99 ?? 0
  if (reference > MAX_REFERENCE_LATE_MS) return `reference pacer late by ${reference.toFixed(1)} ms at p99`
  if (sendLagMs.p99 > MAX_SEND_LAG_MS) return `callers late by ${sendLagMs.p99.toFixed(1)} ms at p99`
  return undefined
}

/** Throws when the load was not what was asked for: then the figures mean nothing. */
export function checkLoad(window, calls) {
  const group = window.groups.calls
  if (group.calls !== calls || group.ended > 0) {
    throw new Error(`${group.calls} of ${calls} calls were up, and ${group.ended} ended in the window`)
  }
}
