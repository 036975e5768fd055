import { useRef, useState } from 'preact/hooks'
import { isApiError, sentencesOf } from '../api/api-error.ts'
import type { LiveCall } from '@kav/client'
import { command, type Commands } from './commands.ts'
import { Listen } from './listen-button.tsx'

interface Told {
  readonly text: string
  readonly bad: boolean
}

/** What an operator may do to a running call. What came of it is told in one place. */
export function Controls({ call, ended }: { call: LiveCall; ended: boolean }) {
  const [told, setTold] = useState<Told>({ text: '', bad: false })
  const [muted, setMuted] = useState(call.muted ?? false)
  const dialog = useRef<HTMLDialogElement>(null)

  async function run<Name extends keyof Commands>(
    name: Name,
    body: Commands[Name],
    done: string,
  ): Promise<boolean> {
    try {
      await command(call.id, name, body)
      setTold({ text: done, bad: false })
      return true
    } catch (error) {
      if (!isApiError(error)) throw error
      setTold({ text: sentencesOf(error), bad: true })
      return false
    }
  }

  async function onMute() {
    const on = !muted
    if (
      await run(
        'mute',
        { on },
        on ? 'The caller no longer hears the agent.' : 'The caller hears the agent again.',
      )
    )
      setMuted(on)
  }

  return (
    <section class="panel" aria-labelledby="controls-title">
      <header>
        <h2 id="controls-title">Control</h2>
        <p class={`told ${told.bad ? 'bad' : ''}`} role={told.bad ? 'alert' : 'status'}>
          {told.text}
        </p>
      </header>
      <fieldset class="body controls" disabled={ended}>
        <legend class="only-heard">Control of the call</legend>
        <div class="row">
          <Listen id={call.id} ended={ended} />
          <button class="button" type="button" aria-pressed={muted} onClick={() => void onMute()}>
            Mute agent
          </button>
          <button
            class="button"
            type="button"
            onClick={() => void run('interrupt', {}, 'The agent was stopped.')}
          >
            Interrupt
          </button>
          <button class="button danger" type="button" onClick={() => dialog.current?.showModal()}>
            Hang up…
          </button>
        </div>
        <Lines run={run} />
      </fieldset>
      <HangUp dialog={dialog} onConfirm={() => void run('hangup', {}, 'The call is being ended.')} />
    </section>
  )
}

type Run = <Name extends keyof Commands>(name: Name, body: Commands[Name], done: string) => Promise<boolean>

/** What is sent as a line of text. */
function Lines({ run }: { run: Run }) {
  return (
    <>
      <OneLine
        label="Say to the caller, in the agent’s voice"
        button="Say"
        onSend={(text) => run('say', { text }, 'The agent says it.')}
      />
      <OneLine
        label="Whisper to the agent; the caller does not hear it"
        button="Whisper"
        onSend={(text) => run('whisper', { text }, 'The agent knows it for its next answer.')}
      />
      <OneLine
        label="Keys to press"
        button="Press"
        pattern="[0-9A-D*#w]{1,64}"
        hint="0 to 9, * and #; w waits half a second"
        onSend={(digits) => run('keys', { digits }, 'The keys were sent.')}
      />
      <OneLine
        label="Transfer to a number or a SIP address"
        button="Transfer"
        pattern={'\\+?[0-9]{3,20}|sips?:[^\\s<>"&]{3,200}'}
        hint="A number such as +15550123, or sip:desk@example.com"
        onSend={(to) => run('transfer', { to }, 'The carrier was asked to put the caller through.')}
      />
    </>
  )
}

function OneLine(props: {
  readonly label: string
  readonly button: string
  readonly pattern?: string
  readonly hint?: string
  /** Whether it was taken: then the field is emptied. */
  readonly onSend: (text: string) => Promise<boolean>
}) {
  const { label, button, pattern, hint } = props
  async function onSubmit(event: SubmitEvent) {
    event.preventDefault()
    const input = (event.currentTarget as HTMLFormElement).elements.namedItem('text') as HTMLInputElement
    const text = input.value.trim()
    if (text !== '' && (await props.onSend(text))) input.value = ''
  }
  return (
    <form onSubmit={(event) => void onSubmit(event)}>
      <label class="field">
        <span>{label}</span>
        <input
          class="input"
          name="text"
          dir="auto"
          autocomplete="off"
          required
          pattern={pattern}
          title={hint}
        />
      </label>
      <button class="button" type="submit">
        {button}
      </button>
    </form>
  )
}

function HangUp(props: {
  readonly dialog: { current: HTMLDialogElement | null }
  readonly onConfirm: () => void
}) {
  const close = () => props.dialog.current?.close()
  return (
    <dialog class="ask" ref={props.dialog} aria-labelledby="hang-up-title">
      <h2 id="hang-up-title">Hang up on this caller?</h2>
      <p class="soft">The line is cut at once, in the middle of a word if need be.</p>
      <div class="row">
        <button class="button" type="button" autofocus onClick={close}>
          Let it go on
        </button>
        <button class="button danger" type="button" onClick={() => (close(), props.onConfirm())}>
          Hang up
        </button>
      </div>
    </dialog>
  )
}
