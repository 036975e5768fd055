import { useEffect, useRef, useState } from 'preact/hooks'
import { listenTo, type Listening } from '../listening/listen.ts'

/** Begins to play the call, and ends it when it is pressed again, the call is over or the page is left. */
export function Listen({ id, ended }: { id: string; ended: boolean }) {
  const listening = useRef<Listening | undefined>(undefined)
  const [on, setOn] = useState(false)

  function stop() {
    listening.current?.stop()
    listening.current = undefined
    setOn(false)
  }

  async function onClick() {
    if (on) return stop()
    setOn(true)
    listening.current = await listenTo(id, stop)
  }

  useEffect(() => stop, [])
  useEffect(() => {
    if (ended) stop()
  }, [ended])

  return (
    <button class="button main" type="button" aria-pressed={on} onClick={() => void onClick()}>
      {on ? 'Stop listening' : 'Listen'}
    </button>
  )
}
