import { toUs, US_PER_MS } from '../../kit/whole-us.ts'
import type { OpenMark } from './tx-control.ts'

/** Hears what becomes known of the far end's marks. */
export interface MarkNews {
  /** They do not come back. `overdueMs`: how late one is. `ever`: others had come back. */
  marksMissing(fields: { readonly overdueMs: number; readonly ever: boolean }): void
  /** They do again. */
  marksBack(): void
}

/** `unproven`: none has come back yet. `silent`: they do not come back, and the playout clock stands for them. */
type Habit = 'unproven' | 'returning' | 'silent'

/** How late a mark may be: the network both ways, and a far end that plays behind. */
const GRACE_US = toUs(3000)
/** Before any has come back: callers are kept waiting for it, and a mistake is made good by the next mark. */
const FIRST_GRACE_US = toUs(1000)
/** Nobody says how far a line without marks is behind: a network and a jitter buffer within one place. */
const ALLOWANCE_US = toUs(100)
/** A mark that is looked at so much later than it was due: the process stood still, and what has come is not read. */
const LATE_LOOK_US = toUs(250)
/** One that comes back after so many others were sent is not waited for. */
const MAX_OWED = 256

/**
 * Knows whether the far end returns its marks, by what it owes. Some never do (bridges that know media alone), and
 * waiting for each would keep replies open and hang-ups back for seconds: from the first that is missing the playout
 * clock's word is taken at once. A mark that comes back in time restores it, so a far end that was late is not
 * misjudged for ever.
 *
 * What it owes outlasts an interruption as long as none has come back: callers who answer quickly interrupt every
 * reply whose mark is waited for, and it would never be found out.
 */
export class MarkWatch {
  #habit: Habit = 'unproven'
  #ever = false
  /** Sent and not come back, oldest first. */
  #owed: OpenMark[] = []
  readonly #news: MarkNews

  constructor(news: MarkNews) {
    this.#news = news
  }

  /** When to look again whether the oldest is overdue; `Infinity` while none is waited for. */
  get lookUs(): number {
    const oldest = this.#owed[0]
    return oldest === undefined || this.#habit === 'silent' ? Infinity : this.dueUs(oldest, 0)
  }

  /** When a mark is taken for heard, back or not. `lagUs`: how far the line was behind by the last one. */
  dueUs(mark: OpenMark, lagUs: number): number {
    if (this.#habit === 'silent') return mark.foretoldUs + lagUs + ALLOWANCE_US
    return mark.foretoldUs + (this.#habit === 'unproven' ? FIRST_GRACE_US : GRACE_US)
  }

  sent(mark: OpenMark): void {
    if (this.#owed.length === MAX_OWED) this.#owed.shift()
    this.#owed.push(mark)
  }

  /** `clear` went out: marks that were played come back no more, and of the others it is no news whether they do. */
  cleared(): void {
    if (this.#habit !== 'unproven') this.#owed = []
  }

  /** The mark that came back, when it was owed. Marks return in order: one that overtook others proves those too. */
  returned(name: string, nowUs: number): OpenMark | undefined {
    const index = this.#owed.findIndex((mark) => mark.name === name)
    const mark = this.#owed[index]
    if (mark === undefined) return undefined
    this.#owed.splice(0, index + 1)
    this.#ever = true
    const wasSilent = this.#habit === 'silent'
    // One that is always too late to be waited for is as good as none.
    if (wasSilent && nowUs - mark.foretoldUs > GRACE_US) return mark
    this.#habit = 'returning'
    if (wasSilent) this.#news.marksBack()
    return mark
  }

  /** Finds out whether the oldest is overdue. */
  look(nowUs: number): void {
    const lateUs = nowUs - this.lookUs
    if (lateUs <= 0) return
    const oldest = this.#owed[0]!
    if (lateUs > LATE_LOOK_US && !oldest.isPutOff) {
      oldest.isPutOff = true
      oldest.foretoldUs += lateUs + ALLOWANCE_US
      return
    }
    this.#habit = 'silent'
    this.#news.marksMissing({ overdueMs: (nowUs - oldest.foretoldUs) / US_PER_MS, ever: this.#ever })
  }
}
