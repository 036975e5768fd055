// Makes one attack after the other, in a process of its own.

import { serveCommands } from '../lib/server-commands.mjs'
import { ATTACKS } from './kinds.mjs'

/** Inputs that are under way at a time: an attacker who waits for no answer runs out of sockets first. */
const MOST_AT_ONCE = 50

serveCommands({
  /** The attack of that number for so long; how many inputs were sent. */
  async attack({ index, port, ms }) {
    const { once, everyMs, inputs = 1 } = ATTACKS[index]
    const underWay = new Set()
    let sent = 0
    const untilMs = performance.now() + ms
    for (let round = 0; performance.now() < untilMs; round++) {
      if (underWay.size < MOST_AT_ONCE) {
        const made = once(port, round).finally(() => underWay.delete(made))
        underWay.add(made)
        sent += inputs
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
    await Promise.all(underWay)
    return sent
  },
})
process.send({ id: 0, value: {} })
