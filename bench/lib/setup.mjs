// The processes of one measurement. Each round starts fresh ones and ends them, whatever happens.

import { startChild } from './children.mjs'
import { DEFAULT_LEAD_MS } from './default-lead.mjs'

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
    const server = await start(SERVERS[kind], {
      args: [pipeline],
      env: { BENCH_LEAD_MS: String(DEFAULT_LEAD_MS), ...env },
      nodeFlags: options.nodeFlags ?? [],
    })
    const callers = await start('callers/load.mjs')
    if (reference) {
      const pacer = await start(SERVERS.reference)
      await callers.ask('dial', { group: 'reference', count: 20, target: pacer.ready })
    }
    const dial = (count, more = {}) =>
      callers.ask('dial', {
        group: 'calls',
        count,
        target: server.ready,
        ...more,
      })
    if (calls > 0) await dial(calls)
    await sleep(warmUpMs ?? 0)
    return body({ server, callers, dial })
  })
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
