// What a recogniser makes of the agent's own voice, where it is loud enough to be understood.

const FRAME_MS = 20

/**
 * `frame(speaks, overheard)`: whether the agent could be heard in the last 20 ms of its reply, and whether the caller
 * speaks over it: they are all that is understood from there on, behind the words of the segment that is `open(type)`.
 */
export function createEchoWords({ echo, recogniser, msPerCharacter }, say) {
  const { partialEveryMs, lagMs, finalMs } = recogniser
  let playedMs = 0
  let sinceMs = 0
  let silentMs = 0
  let settled = 0
  let said = ''
  let over = false

  function heard() {
    const characters = Math.floor((playedMs - echo.delayMs - lagMs) / msPerCharacter)
    return characters > 0 ? echo.text.slice(0, characters).split(' ').slice(settled, -1).join(' ') : ''
  }

  return {
    open(type) {
      const text = said
      if (type === 'final') said = ''
      return text
    },
    frame(speaks, overheard) {
      if (speaks) playedMs += FRAME_MS
      silentMs = speaks ? 0 : silentMs + FRAME_MS
      sinceMs += FRAME_MS
      const text = heard()
      over ||= overheard
      if (over) return
      if (text !== '' && silentMs >= finalMs) {
        settled += text.split(' ').length
        said = ''
        return say({ type: 'final', text })
      }
      if (sinceMs < partialEveryMs || text === said) return
      sinceMs = 0
      said = text
      say({ type: 'partial', text })
    },
  }
}
