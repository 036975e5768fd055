// A round is one scenario, played to every system at the same time. When the player was late, to whichever of them, the
// round is void for all, and played once more at the end.

/** A fifth of the panel's tick, and less than the tick: what is later may change a verdict. */
const LATE_P99_MS = 40
const LATE_MAX_MS = 150

/** In words, or `undefined` for a good round. `played` is what `playLive` gave, one a system. */
export function voidReasonOf(played) {
  const late = played.flatMap(({ latenessMs }) => latenessMs).sort((a, b) => a - b)
  const p99 = late[Math.floor(late.length * 0.99)]
  if (p99 > LATE_P99_MS) return `frames ${Math.round(p99)} ms late at p99`
  if (late.at(-1) > LATE_MAX_MS) return `a frame ${Math.round(late.at(-1))} ms late`
  return undefined
}

/**
 * Plays every scenario, `slots` at once, and the void ones once more. `play(scenario, slot)` resolves to what each system
 * made of it. `{ good: [played], voids: [{ id, reason, again }] }`; `again` says that the second time was void, too.
 */
export async function playRounds(scenarios, slots, play, log = () => {}) {
  const good = []
  const voids = []
  const again = []
  await inSlots(scenarios, slots, async (scenario, slot) => {
    const { played, reason } = await playOnce(scenario, slot, play)
    log(`${scenario.id}${reason ? `: void, ${reason}` : ''}`)
    if (reason === undefined) good.push(played)
    else again.push({ scenario, reason })
  })
  await inSlots(again, slots, async ({ scenario, reason }, slot) => {
    const second = await playOnce(scenario, slot, play)
    log(`${scenario.id}, again${second.reason ? `: void, ${second.reason}` : ''}`)
    if (second.reason === undefined) good.push(second.played)
    voids.push({ id: scenario.id, reason, again: second.reason !== undefined })
  })
  return { good, voids }
}

async function playOnce(scenario, slot, play) {
  try {
    const played = await play(scenario, slot)
    return { played, reason: voidReasonOf(played) }
  } catch (error) {
    return { reason: error.message }
  }
}

async function inSlots(items, slots, work) {
  const left = [...items]
  const run = async (slot) => {
    while (left.length > 0) await work(left.shift(), slot)
  }
  await Promise.all(Array.from({ length: slots }, (_, slot) => run(slot)))
}
