import type {
  createFrameQueue as create,
  FrameQueueOptions,
  FrameWriter,
} from '../../../src/pipeline/speaking/frame-queue.ts'

/** More calls than that in one moment of the clock is a loop that spins: a queue holds 144 frames. */
const MOST_AT_ONCE = 1000

/** What all watched queues have seen: nothing here is good. */
export const faults = { spins: 0, writesAfterEnd: 0, unsettled: new Set<object>() }

/** The tx-queue, whose writer counts what it is asked: one that is asked without end throws instead of hanging the test. */
export function watchQueue(createFrameQueue: typeof create): typeof create {
  return <Control>(options: FrameQueueOptions) => {
    const { writer, reader, stats } = createFrameQueue<Control>(options)
    const { clock } = options
    let atMs = -1
    let calls = 0
    let ended = false

    function asked(): void {
      if (clock.nowMs() !== atMs) calls = 0
      atMs = clock.nowMs()
      if (++calls <= MOST_AT_ONCE) return
      faults.spins++
      throw new Error('a loop spins on the tx-queue')
    }

    const watched: FrameWriter<Control> = {
      writeMedia(...media) {
        asked()
        if (ended) faults.writesAfterEnd++
        return writer.writeMedia(...media)
      },
      writeControl(control) {
        asked()
        if (ended) faults.writesAfterEnd++
        return writer.writeControl(watchSettle(control))
      },
      room() {
        asked()
        return writer.room()
      },
      stopWaiting: () => writer.stopWaiting(),
      discard: (onControl) => writer.discard(onControl),
      end() {
        ended = true
        writer.end()
      },
    }
    return { writer: watched, reader, stats }
  }
}

/** Marks and cues settle once each, sooner or later. */
function watchSettle<Control>(control: Control): Control {
  const { settle } = control as { readonly settle?: (outcome: string) => void }
  if (!settle) return control
  const open = {}
  faults.unsettled.add(open)
  const watched = (outcome: string): void => {
    faults.unsettled.delete(open)
    settle(outcome)
  }
  return { ...control, settle: watched }
}
