import { describe, expect, it } from 'vitest'
import { createFrameQueue } from '../../src/pipeline/speaking/frame-queue.ts'
import { createPlayoutClock } from '../../src/pipeline/speaking/playout-clock.ts'
import type { TxControl } from '../../src/pipeline/speaking/tx-control.ts'
import { createTxLine } from '../../src/pipeline/speaking/tx-line.ts'
import { createFakeClock } from '../../src/testing/index.ts'
import { playTones } from '../../src/tools/play-tones.ts'

/** A line with room for four frames, and the other end of its queue. */
function openLine() {
  const { clock } = createFakeClock()
  const { writer, reader, stats } = createFrameQueue<TxControl>({
    maxFrames: 4,
    frameBytes: 1,
    clock,
  })
  const line = createTxLine({ writer, stats, playout: createPlayoutClock(), openMarks: [], clock })
  const sent: string[] = []
  const frame = Buffer.alloc(1)
  function take(): void {
    while (reader.peek() !== 'empty') {
      if (reader.peek() === 'media') {
        reader.readMedia(frame)
        sent.push(String(frame[0]))
      } else {
        const control = reader.readControl()
        sent.push(control.type)
        if (control.type === 'cue') control.settle('played')
      }
    }
  }
  return { line, sent, take }
}

const frames = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((byte) => Uint8Array.of(byte))
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('playTones', () => {
  it('writes every frame in order, waits for room, and resolves when all has gone out', async () => {
    const { line, sent, take } = openLine()
    let done = false
    void playTones(line, frames, new AbortController().signal).then(() => (done = true))
    while (!done) {
      expect(sent).not.toContain('cue')
      take()
      await turn()
    }
    expect(sent).toEqual([...frames.map(([byte]) => String(byte)), 'cue'])
  })

  it('sends nothing after an interruption', async () => {
    const { line, sent, take } = openLine()
    const playing = playTones(line, frames, new AbortController().signal)
    take()
    await turn()
    line.interrupt()
    await playing
    take()
    await turn()
    take()
    expect(sent).toEqual(['1', '2', '3', '4', 'clear'])
  })

  it('stops when it is aborted', async () => {
    const { line, sent, take } = openLine()
    const abort = new AbortController()
    const playing = playTones(line, frames, abort.signal)
    take()
    abort.abort()
    await playing
    expect(sent).toEqual(['1', '2', '3', '4'])
  })
})
