// The processes of one measurement. Each round starts fresh ones and ends them, whatever happens.

import { startChild } from './children.mjs'
import { DEFAULT_LEAD_MS } from './default-lead.mjs'

/** Runs `body` with a way to have processes stopped after it. */
async function withChildren(body) {
  const children = []
  try {
    return await body(async (starting) => {
      const child = await starting
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
 * `body({ server, callers })` with `calls` calls up for `warmUpMs`. `options.server` is the name of a server, or
 * starts one of another kind: `{ pid, ready: { streamUrl }, stop() }`.
 */
export async function withCalls(options, body) {
  const { calls, warmUpMs = 0, reference = false } = options
  return withChildren(async (keep) => {
    const server = await keep(startServer(options))
    const callers = await keep(startChild('callers/load.mjs'))
    if (reference) {
      const pacer = await keep(startChild(SERVERS.reference))
      await callers.ask('dial', { group: 'reference', count: 20, target: pacer.ready })
    }
    const dial = (count, more = {}) =>
      callers.ask('dial', { group: 'calls', count, target: server.ready, ...more })
    if (calls > 0) await dial(calls)
    await sleep(warmUpMs)
    return body({ server, callers, dial })
  })
}

function startServer({ server, pipeline = 'speaking.yaml', env = {}, nodeFlags = [] }) {
  if (typeof server === 'function') return server()
  return startChild(SERVERS[server], {
    args: [pipeline],
    env: { BENCH_LEAD_MS: String(DEFAULT_LEAD_MS), ...env },
    nodeFlags,
  })
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
