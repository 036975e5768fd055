import { ERROR_CODES, type CallEvent, type ErrorCode, type LoadedPipeline } from '@kav/core/host'

export type DeadStage = 'stt' | 'llm' | 'tts' | 'realtime'

/** What keeps a test call from coming to a good end, whatever the caller still waits for: a stage whose providers failed. */
export interface DeadEnd {
  readonly stage: DeadStage
  /** The provider that failed last, as events name it. */
  readonly plugin: string | undefined
  readonly code: ErrorCode
  /** In the provider's own words. */
  readonly said: string
}

/** Listens to the events of one call, and tells the first dead end, once. */
export function watchForDeadEnd(onDeadEnd: (found: DeadEnd) => void): (event: CallEvent) => void {
  const latest = new Map<DeadStage, DeadEnd>()
  let told = false

  function failed(stage: DeadStage, { fields, private: hidden }: CallEvent): void {
    const before = latest.get(stage)
    latest.set(stage, {
      stage,
      plugin: textOf(fields['plugin']) ?? before?.plugin,
      code: codeOf(fields['code']) ?? before?.code ?? 'KAV_PROVIDER_NETWORK',
      said: textOf(hidden['error']) ?? before?.said ?? 'no more was told',
    })
  }
  function isDead(stage: DeadStage): void {
    const found = latest.get(stage)
    if (told || found === undefined) return
    told = true
    onDeadEnd(found)
  }

  return (event) => {
    const by = FAILURES[event.event]
    if (by === undefined || (by.only !== undefined && !by.only(event))) return
    if (by.tells) failed(by.stage, event)
    if (by.ends) isDead(by.stage)
  }
}

interface Failure {
  readonly stage: DeadStage
  /** It has a provider's name, code or words. */
  readonly tells?: true
  /** The stage has no other provider, and nothing left to try. */
  readonly ends?: true
  only?(event: CallEvent): boolean
}

const FAILURES: Readonly<Partial<Record<CallEvent['event'], Failure>>> = {
  stt_open_failed: { stage: 'stt', tells: true },
  stt_recognize_per_utterance: {
    stage: 'stt',
    ends: true,
    only: ({ fields }) => fields['possible'] === false,
  },
  stt_utterance_failed: { stage: 'stt', tells: true, ends: true },
  llm_request: { stage: 'llm', tells: true, only: hasFailed },
  llm_failed: { stage: 'llm', tells: true, ends: true },
  tts_request: { stage: 'tts', tells: true, only: hasFailed },
  tts_failed: { stage: 'tts', tells: true, ends: true },
  stage_failed: {
    stage: 'realtime',
    tells: true,
    ends: true,
    only: ({ fields }) => fields['stage'] === 'realtime',
  },
}

function hasFailed({ fields }: CallEvent): boolean {
  return fields['outcome'] === 'failed'
}

/** `desk.yaml:6:8 tts.plugin: …`: where the stage stands, which provider failed and how, and what to do. */
export function deadEndLine(pipeline: LoadedPipeline, { stage, plugin, code, said }: DeadEnd): string {
  const { file, line, column } = pipeline.problemAt([stage, 'plugin'], '')
  const who = plugin === undefined ? 'its provider' : `"${plugin}"`
  return `${file}:${line}:${column} ${stage}.plugin: ${who} failed: ${said} (${code}). ${ERROR_CODES[code].action}`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function codeOf(value: unknown): ErrorCode | undefined {
  return typeof value === 'string' && value in ERROR_CODES ? (value as ErrorCode) : undefined
}
