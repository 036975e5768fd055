/** More than an agent has to ask at a time; each may hold a message of some MB, and an answer. */
const MAX_ASKED = 32
/** Processes that run code of plugins: more at once would only be in each other's way. */
const MAX_PROCESSES = 2

/** How much of `kav mcp` one agent may have at a time, so that one that asks in a loop does not take the machine. */
export interface RoomForTools {
  /** Answers one request. Rejects at once where too many wait already. */
  answer<T>(run: () => Promise<T>): Promise<T>
  /** Runs in its turn what has a process of its own. */
  inProcess<T>(run: () => Promise<T>): Promise<T>
}

export function createRoomForTools(): RoomForTools {
  let asked = 0
  let running = 0
  /** In the order they came. */
  const waiting: (() => void)[] = []

  return {
    async answer(run) {
      if (asked >= MAX_ASKED)
        throw new Error(`${MAX_ASKED} requests wait for their answers; ask again when one has come`)
      asked++
      try {
        return await run()
      } finally {
        asked--
      }
    },
    async inProcess(run) {
      if (running >= MAX_PROCESSES) await new Promise<void>((resolve) => waiting.push(resolve))
      else running++
      try {
        return await run()
      } finally {
        const next = waiting.shift()
        // Who leaves hands the place over.
        if (next) next()
        else running--
      }
    },
  }
}
