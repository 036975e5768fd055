import { useRef, useState } from 'preact/hooks'
import { isApiError } from '../api/api-error.ts'
import { request } from '../api/request.ts'
import { goTo } from '../routing/current-route.ts'
import { fragmentOf } from '../routing/route.ts'
import { forgetFound } from './found-calls.ts'
import type { Player } from './player.ts'

/** A link to this moment, and the call's end for good. */
export function CallActions({ id, player }: { id: string; player: Player }) {
  const [told, setTold] = useState('')
  const dialog = useRef<HTMLDialogElement>(null)

  async function share() {
    const fragment = fragmentOf({ page: 'call', id, atSeconds: player.atMs.peek() / 1000 })
    history.replaceState(undefined, '', fragment)
    try {
      await navigator.clipboard.writeText(location.href)
      setTold('The link is copied; whoever opens it signs in.')
    } catch {
      // Not allowed, or no secure page.
      setTold('The link stands in the address of this page.')
    }
  }

  async function erase() {
    dialog.current?.close()
    try {
      await request(`/api/history/${encodeURIComponent(id)}`, { method: 'DELETE' })
      forgetFound()
      goTo({ page: 'calls', search: new URLSearchParams() }, { replace: true })
    } catch (error) {
      if (!isApiError(error)) throw error
      setTold(error.message)
    }
  }

  return (
    <div class="facts-row">
      <span class="soft" role="status">
        {told}
      </span>
      <button class="button" type="button" onClick={() => void share()}>
        Copy link to this moment
      </button>
      <button class="button danger" type="button" onClick={() => dialog.current?.showModal()}>
        Erase…
      </button>
      <dialog class="ask" ref={dialog} aria-labelledby="erase-title">
        <h2 id="erase-title">Erase this call?</h2>
        <p class="soft">Its record, what was said and its recording are gone for good.</p>
        <div class="row">
          <button class="button" type="button" autofocus onClick={() => dialog.current?.close()}>
            Keep it
          </button>
          <button class="button danger" type="button" onClick={() => void erase()}>
            Erase
          </button>
        </div>
      </dialog>
    </div>
  )
}
