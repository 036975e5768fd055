import { expect } from 'vitest'
import { fakeSpeech } from '../../../src/testing/fakes/fake-speech.ts'
import type { FakeSent } from '../../../src/testing/index.ts'
import { MULAW_8K } from '../../../src/index.ts'

/** Whose audio went out, in order: a text for so many frames, `other` for what no voice said, and each `clear`. */
export type WireRun = readonly [who: string, frames: number]

export const OTHER = '(other)'
export const CLEAR = '(clear)'

const levelOf = (frame: Uint8Array): number => frame[10]! & 0x7f

/** `texts`: all that may be said; their audio must be told apart. Frames are whole at 20 ms a character. */
export function wireRuns(sent: readonly FakeSent[], texts: readonly string[]): WireRun[] {
  const byLevel = new Map(texts.map((text) => [levelOf(fakeSpeech(text, MULAW_8K)), text]))
  expect(byLevel.size).toBe(texts.length)
  const runs: [string, number][] = []
  for (const each of sent) {
    if (each.kind === 'mark') continue
    const spoken = each.kind === 'frame' && each.bytes.every((byte) => (byte & 0x7f) === levelOf(each.bytes))
    const who = each.kind === 'clear' ? CLEAR : spoken ? (byLevel.get(levelOf(each.bytes)) ?? OTHER) : OTHER
    const last = runs.at(-1)
    if (last?.[0] === who) last[1]++
    else runs.push([who, 1])
  }
  return runs
}

/**
 * Nobody who has stopped in the middle goes on, unless a `clear` lies between. At 20 ms a character a text has as many
 * frames as characters: one that was said to its end may be said again.
 */
export function expectOneVoiceAtATime(runs: readonly WireRun[], at = ''): void {
  const broken = new Set<string>()
  for (const [who, frames] of runs) {
    if (who === CLEAR) {
      broken.clear()
      continue
    }
    expect(broken, `${at}: ${JSON.stringify(runs)}`).not.toContain(who)
    if (who === OTHER || frames < who.length) broken.add(who)
  }
}
