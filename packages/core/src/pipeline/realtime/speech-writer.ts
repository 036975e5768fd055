import { FRAME_MS } from '../../contracts/audio.ts'
import { type CutBy, cutBy } from '../../kit/cut.ts'
import type { Floor } from '../speaking/floor.ts'
import type { FloorGrant } from '../speaking/floor-grant.ts'
import type { MarkOutcome } from '../speaking/tx-control.ts'
import { playTones } from '../replying/play-tones.ts'
import { noTonesPlayed, type Tones } from '../replying/reply-script.ts'
import { placeItem, type SpokenItem } from './realtime-items.ts'

/** What waits for its turn to be written. */
export type SpeechEntry =
  | { readonly kind: 'audio'; readonly item: SpokenItem; readonly frames: Uint8Array }
  | { readonly kind: 'mark'; readonly label: string; readonly settle: (outcome: MarkOutcome) => void }
  | { readonly kind: 'cue'; readonly settle: (outcome: MarkOutcome) => void }
  | { readonly kind: 'tones'; readonly tones: Tones }

/**
 * Writes entries to the caller one after the other, with the floor, at the pace of the line: whoever puts one is never
 * held up. When the floor is lost all that waits is dropped and settled; the next entry takes the floor again.
 */
export interface SpeechWriter {
  put(entry: SpeechEntry): void
  empty(): boolean
  /** Bytes of audio that are not in the tx-queue yet. */
  waitingBytes(): number
  /** Nothing is written any more. */
  close(): void
}

export function createSpeechWriter(floor: Floor, frameBytes: number): SpeechWriter {
  const entries: SpeechEntry[] = []
  let grant: FloorGrant | undefined
  let closed = false
  /** The loop that writes: another one begins after a loss, and the one before ends by itself. */
  let loop = 0
  let writing = false
  let waitingBytes = 0

  function drop(by: CutBy): void {
    grant = undefined
    writing = false
    loop++
    waitingBytes = 0
    for (const entry of entries.splice(0)) settleAsCut(entry, by)
  }

  function start(): void {
    if (writing) return
    grant ??= floor.take({ onLost: (loss) => drop(loss.by) })
    if (grant.lost) return drop(grant.lost.by)
    writing = true
    void write(grant, ++loop)
  }

  async function write(to: FloorGrant, mine: number): Promise<void> {
    while (mine === loop) {
      // The one that is being written settles with the grant; a loss drops only those that wait.
      const entry = entries.shift()
      if (!entry) break
      const answer = writeEntry(to, entry)
      if (answer) await answer
      if (mine === loop && entry.kind === 'audio') waitingBytes -= entry.frames.length
    }
    if (mine === loop) writing = false
  }

  function writeEntry(to: FloorGrant, entry: SpeechEntry): Promise<unknown> | undefined {
    if (entry.kind === 'mark') return void to.mark(entry.label).then(entry.settle)
    if (entry.kind === 'cue') return void to.cue().then(entry.settle)
    if (entry.kind === 'tones') return play(to, entry.tones)
    placeItem(entry.item, to.nextPositionMs(), (entry.frames.length / frameBytes) * FRAME_MS)
    const answer = to.writeRun(entry.frames, frameBytes)
    return typeof answer === 'string' ? undefined : answer
  }

  async function play(to: FloorGrant, tones: Tones): Promise<void> {
    const { signal } = tones
    tones.settle(signal.aborted ? noTonesPlayed(cutBy(signal)) : await playTones(to, tones))
  }

  return {
    put(entry) {
      if (closed) return settleAsCut(entry, 'end')
      entries.push(entry)
      if (entry.kind === 'audio') waitingBytes += entry.frames.length
      start()
    },
    waitingBytes() {
      return waitingBytes
    },
    empty: () => entries.length === 0 && !writing,
    close() {
      closed = true
      grant?.giveUp()
      drop('end')
    },
  }
}

function settleAsCut(entry: SpeechEntry, by: CutBy): void {
  if (entry.kind === 'tones') entry.tones.settle(noTonesPlayed(by))
  else if (entry.kind !== 'audio') entry.settle('cleared')
}
