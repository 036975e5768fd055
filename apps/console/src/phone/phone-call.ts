import { signal, type ReadonlySignal } from '@preact/signals'
import { requestJson } from '../api/request.ts'
import { currentToken } from '../session/token.ts'
import type { LineSettings } from './engine/bad-line.ts'
import type { EngineReport, EngineTold } from './engine/engine-messages.ts'
import { type PhoneStream, runPhoneStream, type StreamEnd } from './phone-stream.ts'
import { watchRoundTrip } from './round-trip.ts'
import { openMicrophone, openSoundDevice, type SoundDevice } from './sound-device.ts'

export interface PhoneCallOptions {
  readonly pipeline: string
  readonly from?: string
  /** What goes wrong on the line is the same for the same seed. */
  readonly seed: number
  readonly line: LineSettings
}

/** A mark of the server's, as it was answered. */
export interface AnsweredMark {
  readonly name: string
  readonly cleared: boolean
}

/** One call from this page. */
export interface PhoneCall {
  readonly state: ReadonlySignal<'microphone' | 'calling' | 'on' | 'over'>
  /** Absent until the server has promised the call. */
  readonly callId: ReadonlySignal<string | undefined>
  readonly report: ReadonlySignal<EngineReport | undefined>
  readonly marks: ReadonlySignal<readonly AnsweredMark[]>
  /** Breaches of the protocol, each text once. */
  readonly violations: ReadonlySignal<readonly string[]>
  readonly roundTripMs: ReadonlySignal<number | undefined>
  /** Once it is over. */
  readonly end: ReadonlySignal<StreamEnd | undefined>
  /** Why there was no call. */
  readonly fault: ReadonlySignal<Error | undefined>
  press(digit: string): void
  mute(on: boolean): void
  setLine(settings: LineSettings): void
  hangUp(): void
}

interface Offer {
  readonly callId: string
  readonly streamUrl: string
  readonly parameters: Readonly<Record<string, string>>
}

const MAX_MARKS = 200

/** Calls a pipeline: by a click, so that the browser lets it be heard. */
export function openPhoneCall(options: PhoneCallOptions): PhoneCall {
  const state = signal<'microphone' | 'calling' | 'on' | 'over'>('microphone')
  const callId = signal<string | undefined>(undefined)
  const report = signal<EngineReport | undefined>(undefined)
  const marks = signal<readonly AnsweredMark[]>([])
  const violations = signal<readonly string[]>([])
  const roundTripMs = signal<number | undefined>(undefined)
  const end = signal<StreamEnd | undefined>(undefined)
  const fault = signal<Error | undefined>(undefined)
  let device: SoundDevice | undefined
  let stream: PhoneStream | undefined
  let endRoundTrip = (): void => undefined

  function onTold(told: EngineTold): void {
    if (told.type === 'send') stream?.send(told.message)
    else if (told.type === 'report') report.value = told.report
    else marks.value = [...marks.value, { name: told.name, cleared: told.cleared }].slice(-MAX_MARKS)
  }

  function over(how: StreamEnd): void {
    if (state.value === 'over') return
    state.value = 'over'
    end.value = how
    endRoundTrip()
    device?.tell({ type: 'end' })
    // Its last report is on its way.
    setTimeout(() => device?.close(), LAST_REPORT_MS)
  }

  async function call(): Promise<void> {
    const microphone = await openMicrophone()
    device = await openSoundDevice(microphone, options.seed, onTold)
    device.tell({ type: 'line', settings: options.line })
    // While the microphone was asked for.
    if (end.value !== undefined) return device.close()
    state.value = 'calling'
    const { pipeline, from } = options
    const body = { pipeline, ...(from !== undefined && { from }) }
    const offer = await requestJson<Offer>('/api/phone', { method: 'POST', body })
    // Hung up meanwhile: the place that was promised is given up by itself.
    if (end.value !== undefined) return
    callId.value = offer.callId
    const { tell } = device
    stream = runPhoneStream(openSocket(offer.streamUrl), offer, {
      onUp() {
        tell({ type: 'begin' })
        state.value = 'on'
        endRoundTrip = watchRoundTrip((ms) => void (roundTripMs.value = ms))
      },
      onMessage: tell,
      onViolation(text) {
        if (!violations.value.includes(text)) violations.value = [...violations.value, text]
      },
      onEnd: over,
    })
  }

  call().catch((error: unknown) => {
    fault.value = error instanceof Error ? error : new Error(String(error))
    over({ by: 'refused' })
  })

  return {
    state,
    callId,
    report,
    marks,
    violations,
    roundTripMs,
    end,
    fault,
    press: (digit) => device?.tell({ type: 'key', digit }),
    mute: (on) => device?.tell({ type: 'mute', on }),
    setLine: (settings) => device?.tell({ type: 'line', settings }),
    hangUp() {
      if (stream === undefined) over({ by: 'caller' })
      else stream.hangUp()
    },
  }
}

const LAST_REPORT_MS = 300

function openSocket(streamUrl: string): WebSocket {
  const url = new URL(streamUrl, location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const token = encodeURIComponent(currentToken.peek() ?? '')
  return new WebSocket(url, ['kav.v1', `kav.token.${token}`])
}
