import type { RefObject } from 'preact'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { FoundCalls } from './found-calls.ts'
import { type ListWindow, scrollTo, windowOf } from './window-of.ts'

export interface ScrolledList extends ListWindow {
  /** How high the box is. */
  readonly boxPx: () => number
  readonly onScroll: () => void
  /** Scrolls so far that a row stands whole in the box. */
  scrollToRow(row: number): void
}

/** Which rows of a list are drawn in a box that scrolls; it remembers in `found` where that was. */
export function useListWindow(
  box: RefObject<HTMLDivElement | null>,
  { found, rowPx, count }: { readonly found: FoundCalls; readonly rowPx: number; readonly count: number },
): ScrolledList {
  const boxPx = useRef(600)
  const [shown, setShown] = useState<ListWindow>()
  const look = (): ListWindow => windowOf({ scrollPx: found.scrollPx, boxPx: boxPx.current, rowPx, count })
  // Calls that have come since may belong into it.
  const { first, end } = useMemo(look, [shown, rowPx, count])

  useLayoutEffect(() => {
    const element = box.current!
    element.scrollTop = found.scrollPx
    const measure = () => {
      boxPx.current = element.clientHeight
      setShown(look())
    }
    const size = new ResizeObserver(measure)
    size.observe(element)
    measure()
    return () => size.disconnect()
  }, [found])

  function lookAgain(): void {
    found.scrollPx = box.current!.scrollTop
    const next = look()
    if (next.first !== first || next.end !== end) setShown(next)
  }

  return {
    first,
    end,
    boxPx: () => boxPx.current,
    onScroll: lookAgain,
    scrollToRow(row) {
      const element = box.current!
      element.scrollTop = scrollTo(row, { scrollPx: element.scrollTop, boxPx: boxPx.current, rowPx })
      lookAgain()
    },
  }
}
