import type { EchoEar } from '../hearing/echo/echo-ear.ts'

/** A partial's new words are of the last second; a final may come that late behind its own. */
const HEARD_MS = { partial: 1000, final: 2000 }
/** A shorter echo is no word. */
const MIN_ECHO_MS = 90

/** What is known of whose voice is behind words that have just come; nothing where none of it was the agent's. */
export function ownShare(
  type: 'partial' | 'final',
  echo: Pick<EchoEar, 'heard'> | undefined,
): { readonly ownShare?: number; readonly likelyOwn?: true } {
  if (!echo) return {}
  const { ownMs, othersMs, likely } = echo.heard(HEARD_MS[type])
  const share = ownMs < MIN_ECHO_MS ? {} : { ownShare: ownMs / (ownMs + othersMs) }
  return likely ? { ...share, likelyOwn: true } : share
}
