import { isCloser, isStop, isWideStop } from '../../language/boundaries/clause-marks.ts'

/** What may be said of a reply, over all its rounds. */
export interface ReplyBudget {
  readonly maxChars: number
  /** How much of this text may still be read; once all of it may not, the reply is over after it. */
  readable(text: string): string
  /** More came than may be read or said. */
  spent(): boolean
  /** Which pieces may be said now that this one is there: near the bound, only whole sentences. */
  take(piece: string): readonly string[]
  /** The answer has ended: what was kept for a sentence that might not have fitted. */
  rest(): readonly string[]
}

/** Before the bound, pieces wait for the end of their sentence: a cut should fall behind one. */
const LAST_STRETCH = 720
/** White space and marks that are not said are read, too. */
const UNSAID_SHARE = 1.5

/**
 * A bound on the length of a reply: it is cut at the last sentence end that fits. Where a single sentence is longer
 * than all that may be said, it is cut between two of its pieces.
 */
export function createReplyBudget(maxChars: number): ReplyBudget {
  let readChars = 0
  let saidChars = 0
  let readAll = false
  let cut = false
  /** Pieces of a sentence whose end has not come. */
  let waiting: string[] = []
  let waitingChars = 0

  function release(): readonly string[] {
    const pieces = waiting
    saidChars += waitingChars
    waiting = []
    waitingChars = 0
    return pieces
  }

  /** What is said in spite of the cut. */
  function cutBefore(piece: string): readonly string[] {
    cut = true
    if (saidChars === 0 && waiting.length === 0) return [piece.slice(0, maxChars)]
    if (saidChars === 0) return release()
    waiting = []
    return []
  }

  return {
    maxChars,
    readable(text) {
      const left = Math.max(0, Math.ceil(maxChars * UNSAID_SHARE) - readChars)
      readChars += Math.min(left, text.length)
      if (text.length <= left) return text
      readAll = true
      return text.slice(0, left)
    },
    spent() {
      return cut || readAll
    },
    take(piece) {
      if (cut) return []
      if (saidChars + waitingChars + piece.length > maxChars) return cutBefore(piece)
      waiting.push(piece)
      waitingChars += piece.length
      const near = saidChars + waitingChars > maxChars - Math.min(LAST_STRETCH, maxChars / 2)
      return near && !endsSentence(piece) ? [] : release()
    },
    rest: release,
  }
}

function endsSentence(piece: string): boolean {
  let at = piece.length - 1
  while (at > 0 && isCloser(piece[at]!)) at--
  return isStop(piece[at]!) || isWideStop(piece[at]!)
}
