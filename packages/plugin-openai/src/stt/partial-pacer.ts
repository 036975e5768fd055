import type { SttEvent } from '@kav/core'

/**
 * Models that write only after a pause send a segment's words one by one within a few tenths of a second. Each would
 * look like a new state of the turn, and have a reply prepared in vain; so the words are gathered, and the final is
 * announced by one partial at least.
 */
export interface PartialPacer {
  /** Partials and finals, in order. */
  push(event: SttEvent): void
}

export function createPartialPacer(
  after: (delayMs: number, callback: () => void) => () => void,
  everyMs: number,
  emit: (event: SttEvent) => void,
): PartialPacer {
  let held: (SttEvent & { type: 'partial' }) | undefined
  let cancel: (() => void) | undefined
  let announced = false

  function flush(): void {
    cancel = undefined
    if (!held) return
    emit(held)
    announced = true
    held = undefined
  }

  return {
    push(event) {
      if (event.type === 'partial') {
        held = event
        cancel ??= after(everyMs, flush)
        return
      }
      cancel?.()
      cancel = undefined
      held = undefined
      if (event.type === 'final' && event.text !== '' && !announced) {
        emit({
          type: 'partial',
          text: event.text,
          ...(event.language === undefined ? {} : { language: event.language }),
        })
      }
      announced = false
      emit(event)
    },
  }
}
