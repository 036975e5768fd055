import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { openLiveCall } from '../live/live-call.ts'
import { LevelMeters } from '../live/level-meters.tsx'
import { LiveTranscript } from '../live/live-transcript.tsx'
import { fragmentOf } from '../routing/route.ts'
import { Page } from '../shell/page.tsx'
import { CallForm, type CallWish } from './call-form.tsx'
import { GOOD_LINE, type LineSettings } from './engine/bad-line.ts'
import { Keypad } from './keypad.tsx'
import { LineSliders } from './line-sliders.tsx'
import { openPhoneCall, type PhoneCall } from './phone-call.ts'
import { PhoneFigures } from './phone-figures.tsx'
import '../conversation/conversation.css'
import '../live/live.css'
import './phone.css'

/** Talks to a pipeline from the browser, by the carrier's own protocol. */
export default function PhonePage({ search }: { readonly search: URLSearchParams }) {
  const call = useSignal<PhoneCall | undefined>(undefined)
  const line = useSignal<LineSettings>(GOOD_LINE)
  useEffect(() => () => call.peek()?.hangUp(), [])
  const current = call.value
  const isOn = current !== undefined && current.state.value !== 'over'

  function begin(wish: CallWish): void {
    call.value = openPhoneCall({ ...wish, line: line.peek() })
  }

  function changeLine(settings: LineSettings): void {
    line.value = settings
    call.peek()?.setLine(settings)
  }

  return (
    <Page title="Phone">
      <div class="live-call">
        <div class="column">
          {current === undefined ? <Explanation /> : <Conversation call={current} />}
          {current !== undefined && <PhoneFigures call={current} />}
        </div>
        <div class="column">
          <section class="panel" aria-labelledby="phone-title">
            <header>
              <h2 id="phone-title">Call</h2>
              <span class="tag" role="status" data-state={current?.state.value ?? 'idle'}>
                {current === undefined ? 'No call' : STATES[current.state.value]}
              </span>
            </header>
            <div class="body phone">
              <CallForm
                pipeline={search.get('pipeline')}
                isOn={isOn}
                onCall={begin}
                onHangUp={() => current?.hangUp()}
              />
              {current !== undefined && <How call={current} />}
              <Levels call={current} />
              <Keypad disabled={!isOn} onPress={(digit) => current?.press(digit)} />
              {isOn && <MuteButton call={current} />}
            </div>
          </section>
          <LineSliders settings={line.value} onChange={changeLine} />
        </div>
      </div>
    </Page>
  )
}

const STATES = {
  microphone: 'Asking for the microphone',
  calling: 'Calling',
  on: 'On the line',
  over: 'Call over',
} as const

function Explanation() {
  return (
    <p class="empty">
      Your microphone goes to the pipeline as a phone call does: mu-law at 8 kHz, over the carrier’s own media
      stream. What is said stands here as you hear it.
    </p>
  )
}

/** What was said, as the server tells it while this page's call runs. */
function Conversation({ call }: { readonly call: PhoneCall }) {
  const attempt = useSignal(0)
  const id = call.callId.value
  if (id === undefined || (call.state.value !== 'on' && call.state.value !== 'over')) return <Silence />
  return <Watched key={`${id} ${attempt.value}`} id={id} onUnknown={() => attempt.value++} />
}

function Silence() {
  return <p class="empty">Nothing was said yet.</p>
}

/** It begins a moment after its stream: until then nobody knows it. */
const ASK_AGAIN_MS = 300

function Watched({ id, onUnknown }: { readonly id: string; readonly onUnknown: () => void }) {
  const end = useMemo(() => new AbortController(), [])
  const watched = useMemo(() => openLiveCall(id, end.signal), [])
  useEffect(() => () => end.abort(), [])
  const state = watched.state.value
  const refused = watched.refused.value
  const isUnknown = refused?.status === 404
  useEffect(() => {
    if (!isUnknown) return
    const timer = setTimeout(onUnknown, ASK_AGAIN_MS)
    return () => clearTimeout(timer)
  }, [isUnknown])
  return (
    <>
      {state === undefined ? <Silence /> : <LiveTranscript state={state} />}
      {refused !== undefined && !isUnknown && (
        <p class="notice">What is said cannot be shown: {refused.message}</p>
      )}
      {state?.ended && (
        <p class="notice">
          The call is over. <a href={fragmentOf({ page: 'call', id })}>To its record and recording</a>
        </p>
      )}
    </>
  )
}

const ENDS = {
  caller: 'You hung up.',
  agent: 'The agent hung up.',
  lost: 'The line to the server was lost.',
  refused: 'The call was not taken.',
} as const

/** Why the call is over, or never was one. */
function How({ call }: { readonly call: PhoneCall }) {
  const end = call.end.value
  const fault = call.fault.value
  const fix = fault !== undefined && 'fix' in fault ? String(fault.fix) : undefined
  if (end === undefined) return null
  if (end.by === 'caller' || end.by === 'agent') return <p role="status">{ENDS[end.by]}</p>
  return (
    <div class="notice bad" role="alert">
      <strong>{fault?.message ?? ENDS[end.by]}</strong>
      {(fix ?? end.why) !== undefined && <p>{fix ?? end.why}</p>}
    </div>
  )
}

function Levels({ call }: { readonly call: PhoneCall | undefined }) {
  const report = call?.report.value
  return <LevelMeters level={report} />
}

function MuteButton({ call }: { readonly call: PhoneCall }) {
  const muted = useSignal(false)
  const last = useRef(call)
  if (last.current !== call) {
    last.current = call
    muted.value = false
  }
  return (
    <button
      type="button"
      class="button"
      aria-pressed={muted.value}
      onClick={() => {
        muted.value = !muted.value
        call.mute(muted.value)
      }}
    >
      Mute microphone
    </button>
  )
}
