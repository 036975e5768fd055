// What a recogniser makes of the agent's own voice, where it is loud enough to be understood.

const FRAME_MS = 20

/** `frame(speaks)`: whether the agent could be heard in the last 20 ms of its reply. */
export function createEchoWords({ echo, recogniser, msPerCharacter }, say) {
  const { partialEveryMs, lagMs, finalMs } = recogniser
  let playedMs = 0
  let sinceMs = 0
  let silentMs = 0
  let settled = 0
  let said = ''

  function heard() {
    const characters = Math.floor((playedMs - echo.delayMs - lagMs) / msPerCharacter)
    return characters > 0 ? echo.text.slice(0, characters).split(' ').slice(settled, -1).join(' ') : ''
  }

  return {
    frame(speaks) {
      if (speaks) playedMs += FRAME_MS
      silentMs = speaks ? 0 : silentMs + FRAME_MS
      sinceMs += FRAME_MS
      const text = heard()
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
