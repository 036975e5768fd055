import type { EchoEar } from '../hearing/echo/echo-ear.ts'

/** A partial's new words are of the last second; a final may come that late behind its own. */
const HEARD_MS = { partial: 1000, final: 2000 }
/** A shorter echo is no word. */
const MIN_ECHO_MS = 90

/** How much of the voice behind words that have just come was the agent's own; nothing where none was. */
export function ownShare(
  type: 'partial' | 'final',
  echo: Pick<EchoEar, 'heard'> | undefined,
): { readonly ownShare?: number } {
  if (!echo) return {}
  const { ownMs, othersMs } = echo.heard(HEARD_MS[type])
  return ownMs < MIN_ECHO_MS ? {} : { ownShare: ownMs / (ownMs + othersMs) }
}
