/** What a caller can do. Each step is one entry of a script; all times in milliseconds. */
export type CallerStep =
  | { readonly do: 'say'; readonly file: string }
  | { readonly do: 'wait_mark'; readonly label: string; readonly timeout_ms: number }
  | { readonly do: 'wait_agent_speech'; readonly timeout_ms: number }
  | { readonly do: 'wait_agent_silence'; readonly ms: number; readonly timeout_ms: number }
  | { readonly do: 'pause_ms'; readonly ms: number }
  | { readonly do: 'dtmf'; readonly digits: string; readonly gap_ms: number }
  | {
      readonly do: 'interrupt'
      readonly file: string
      readonly after_ms: number
      readonly timeout_ms: number
    }
  | { readonly do: 'go_silent'; readonly ms?: number }
  | { readonly do: 'jitter'; readonly ms: number }
  | { readonly do: 'late'; readonly ms: number }
  | { readonly do: 'burst'; readonly hold_ms: number }
  | { readonly do: 'wait_hang_up'; readonly timeout_ms: number }
  | { readonly do: 'hang_up' }
  | { readonly do: 'drop_socket' }

export type CallerStepName = CallerStep['do']

export interface StepField {
  readonly type: 'text' | 'ms' | 'digits'
  /** Absent: required, unless `optional`. */
  readonly default?: number
  readonly optional?: boolean
}

export interface StepShape {
  readonly fields: Readonly<Record<string, StepField>>
  /** The field that `step: value` sets when the value is not a map. */
  readonly short?: string
}

const ms = (value: number): StepField => ({ type: 'ms', default: value })
const MS: StepField = { type: 'ms' }
const TEXT: StepField = { type: 'text' }

/** The only statement of what each step takes. */
export const STEP_SHAPES: Readonly<Record<CallerStepName, StepShape>> = {
  say: { fields: { file: TEXT }, short: 'file' },
  wait_mark: { fields: { label: TEXT, timeout_ms: ms(15_000) }, short: 'label' },
  wait_agent_speech: { fields: { timeout_ms: ms(15_000) }, short: 'timeout_ms' },
  wait_agent_silence: { fields: { ms: ms(500), timeout_ms: ms(30_000) }, short: 'ms' },
  pause_ms: { fields: { ms: MS }, short: 'ms' },
  dtmf: { fields: { digits: { type: 'digits' }, gap_ms: ms(120) }, short: 'digits' },
  interrupt: { fields: { file: TEXT, after_ms: ms(500), timeout_ms: ms(15_000) }, short: 'file' },
  go_silent: { fields: { ms: { type: 'ms', optional: true } }, short: 'ms' },
  jitter: { fields: { ms: MS }, short: 'ms' },
  late: { fields: { ms: MS }, short: 'ms' },
  burst: { fields: { hold_ms: MS }, short: 'hold_ms' },
  wait_hang_up: { fields: { timeout_ms: ms(15_000) }, short: 'timeout_ms' },
  hang_up: { fields: {} },
  drop_socket: { fields: {} },
}

/** `wait_mark greeting_end`, for timelines and messages. */
export function stepText(step: CallerStep): string {
  const { do: name, ...fields } = step
  const values = Object.entries(fields).map(([key, value]) => {
    const field = STEP_SHAPES[name].fields[key]
    if (field?.default === value) return ''
    return key === STEP_SHAPES[name].short ? ` ${value}` : ` ${key}=${value}`
  })
  return name + values.join('')
}
