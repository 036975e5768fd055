import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { goTo } from '../routing/current-route.ts'
import { CallRow } from './call-row.tsx'
import type { FoundCalls } from './found-calls.ts'
import { createRowSlots } from './row-slots.ts'
import { useListWindow } from './use-list-window.ts'

const ROW_PX = 40
/** Two lines a row. */
const NARROW_ROW_PX = 60
const NARROW = '(max-width: 1239px)'
/** So many rows before the end, the next page is asked for. */
const ASK_BEFORE_ROWS = 100

/**
 * Any number of calls, of which only those in sight are in the document. A grid: one row has the focus, the arrow keys
 * go from row to row, Enter opens the call.
 */
export function CallList({ found }: { found: FoundCalls }) {
  const calls = found.calls.value
  const box = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(found.activeRow)
  const takesFocus = useRef(false)
  const slots = useMemo(createRowSlots, [])
  const rowPx = useRowHeight()
  const list = useListWindow(box, { found, rowPx, count: calls.length })
  const { first, end } = list

  useEffect(() => {
    if (calls.length - end < ASK_BEFORE_ROWS) found.more()
  }, [end, calls.length])
  useLayoutEffect(() => {
    if (!takesFocus.current) return
    takesFocus.current = false
    box.current?.querySelector<HTMLElement>('[role="row"][tabindex="0"]')?.focus({ preventScroll: true })
  }, [active])

  function goToRow(row: number) {
    const next = Math.min(calls.length - 1, Math.max(0, row))
    list.scrollToRow(next)
    takesFocus.current = true
    found.activeRow = next
    setActive(next)
  }

  function onKeyDown(event: KeyboardEvent) {
    const page = Math.max(1, Math.floor(list.boxPx() / rowPx) - 1)
    const target = targetOf(event.key, { active, page, count: calls.length })
    const call = calls[active]
    if (target !== undefined) goToRow(target)
    else if (event.key === 'Enter' && call) goTo({ page: 'call', id: call.id })
    else return
    event.preventDefault()
  }

  // The row that has the focus is drawn wherever it is: or the focus would be lost with it.
  const isActiveDrawn = active >= first && active < end
  const rows = [...(isActiveDrawn || calls.length === 0 ? [] : [active]), ...range(first, end)]
  const places = slots.place(rows)
  return (
    <div
      class="panel call-list"
      role="grid"
      aria-label="Calls that are over"
      aria-rowcount={calls.length + 1}
      aria-colcount={8}
    >
      <Head />
      <div class="call-rows" role="rowgroup" ref={box} onKeyDown={onKeyDown} onScroll={list.onScroll}>
        <div class="call-space" role="presentation" style={{ height: `${calls.length * rowPx}px` }}>
          {rows.map((row, index) => (
            <CallRow
              key={places[index]}
              call={calls[row]!}
              row={row}
              topPx={row * rowPx}
              isActive={row === active}
              onActive={setActive}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

function targetOf(key: string, at: { active: number; page: number; count: number }): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return at.active + 1
    case 'ArrowUp':
      return at.active - 1
    case 'PageDown':
      return at.active + at.page
    case 'PageUp':
      return at.active - at.page
    case 'Home':
      return 0
    case 'End':
      return at.count - 1
    default:
      return undefined
  }
}

function useRowHeight(): number {
  const [isNarrow, setNarrow] = useState(() => matchMedia(NARROW).matches)
  useEffect(() => {
    const query = matchMedia(NARROW)
    const onChange = () => setNarrow(query.matches)
    query.addEventListener('change', onChange)
    return () => query.removeEventListener('change', onChange)
  }, [])
  return isNarrow ? NARROW_ROW_PX : ROW_PX
}

const COLUMNS = [
  'When',
  'Caller and called',
  'Pipeline',
  'Ended by',
  'Length',
  'Turns',
  'Slowest',
  'Cost',
] as const

function Head() {
  return (
    <div class="call-row head" role="row" aria-rowindex={1}>
      {COLUMNS.map((name) => (
        <span key={name} role="columnheader">
          {name}
        </span>
      ))}
    </div>
  )
}

function range(first: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index)
}
