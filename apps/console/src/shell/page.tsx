import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/**
 * One page: its heading takes the focus when the page is come to, so that a screen reader begins there and the next
 * Tab goes on from it.
 * @param name tells pages of one kind apart (a call's id): another name is another page
 */
export function Page(props: {
  readonly title: string
  readonly name?: string
  readonly aside?: ComponentChildren
  readonly children: ComponentChildren
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${props.title} · Kav`
  }, [props.title])
  useEffect(() => {
    // The first page after loading leaves the focus where the browser begins: at the skip link.
    if (visited) heading.current?.focus({ preventScroll: true })
    visited = true
    scrollTo(0, 0)
  }, [props.name])
  return (
    <div class="page">
      <div class="page-head">
        <h1 tabIndex={-1} ref={heading} dir="auto">
          {props.title}
        </h1>
        {props.aside}
      </div>
      {props.children}
    </div>
  )
}

let visited = false
