import { FRAME_MS } from '../../contracts/audio.ts'
import { cutBy } from '../../kit/cut.ts'
import type { FloorGrant, RunAnswer } from '../speaking/floor-grant.ts'
import type { TonesPlayed } from '../../tools/runnable-tool.ts'
import type { Tones } from './reply-script.ts'

/**
 * Plays tones with the floor of whoever is speaking, behind all that was said before. Resolves when the far end has
 * played them, or when the floor is lost, with how much of them it had played by then. No frames: resolves when all
 * that was said before has gone out.
 */
export async function playTones(
  grant: FloorGrant,
  { frames, signal }: Omit<Tones, 'settle'>,
): Promise<TonesPlayed> {
  const startMs = grant.nextPositionMs()
  if ((await writeTones(grant, frames, signal)) === 'queued') {
    const outcome = await (frames.length === 0 ? grant.cue() : grant.mark('keys'))
    if (outcome === 'played') return { outcome, playedMs: frames.length * FRAME_MS }
  }
  const playedMs = (grant.lost?.heardMs ?? startMs) - startMs
  const by = grant.lost?.by ?? cutBy(signal)
  return { outcome: 'cut', by, playedMs: Math.min(frames.length * FRAME_MS, Math.max(0, playedMs)) }
}

async function writeTones(
  grant: FloorGrant,
  frames: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<RunAnswer> {
  for (const frame of frames) {
    for (let answer = grant.write(frame); answer !== 'queued'; answer = grant.write(frame)) {
      if (answer === 'revoked' || (await grant.room()) === 'revoked' || signal.aborted) return 'revoked'
    }
  }
  return 'queued'
}
