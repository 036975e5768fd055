import { useLoaded } from '../shell/load.ts'
import { requestJson } from '../api/request.ts'

export interface CallWish {
  readonly pipeline: string
  readonly from?: string
  readonly seed: number
}

interface Pipelines {
  readonly pipelines: readonly { readonly name: string }[]
}

/** Whom to call, and as whom. */
export function CallForm(props: {
  /** Out of the page's address. */
  readonly pipeline: string | null
  readonly isOn: boolean
  readonly onCall: (wish: CallWish) => void
  readonly onHangUp: () => void
}) {
  const { isOn } = props
  const loaded = useLoaded('pipelines', (signal) => requestJson<Pipelines>('/api/pipelines', { signal }))
  const names = loaded.state === 'loaded' ? loaded.value.pipelines.map(({ name }) => name) : []

  function onSubmit(event: SubmitEvent): void {
    event.preventDefault()
    if (isOn) return props.onHangUp()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const from = textOf(form, 'from')
    props.onCall({
      pipeline: textOf(form, 'pipeline'),
      ...(from !== '' && { from }),
      seed: Number.parseInt(textOf(form, 'seed'), 10) || 1,
    })
  }

  return (
    <form class="phone-form" onSubmit={onSubmit}>
      <label class="field">
        <span>Pipeline</span>
        <input
          class="input"
          name="pipeline"
          list="phone-pipelines"
          required
          autocomplete="off"
          disabled={isOn}
          // Known a moment later than the page; what was typed by then stays.
          key={props.pipeline ?? names[0]}
          defaultValue={props.pipeline ?? names[0] ?? ''}
        />
        <datalist id="phone-pipelines">
          {names.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
      <label class="field">
        <span>You call as</span>
        <input
          class="input"
          name="from"
          dir="ltr"
          maxLength={64}
          placeholder="+15550100"
          autocomplete="off"
          disabled={isOn}
        />
      </label>
      <label class="field">
        <span>Seed of the line</span>
        <input class="input" name="seed" type="number" min="1" step="1" defaultValue="1" disabled={isOn} />
      </label>
      <button class={isOn ? 'button danger' : 'button main'} type="submit">
        {isOn ? 'Hang up' : 'Call'}
      </button>
    </form>
  )
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}
