import type { CallEvent } from './call-events.ts'
import type { AnsweringKind, CallFacts } from './call-facts.ts'

/** Who answered for one stage of the call. */
export interface RecordedStage {
  readonly kind: AnsweringKind
  /** Names of providers, in the order in which they first did something. */
  readonly answered: readonly string[]
  /** `passed_over`: it was known to be down and was not asked. */
  readonly fallbacks: readonly {
    readonly atMs: number
    readonly from: string
    readonly to: string
    readonly why: 'failed' | 'passed_over'
  }[]
}

const KINDS: readonly AnsweringKind[] = ['stt', 'llm', 'tts', 'realtime']
const MAX_FALLBACKS = 200

const FELL_BACK: Readonly<Record<string, AnsweringKind>> = {
  stt_fell_back: 'stt',
  llm_fell_back: 'llm',
  tts_fell_back: 'tts',
}
/** A stage that was at work, where nobody names who: the first of the stage. */
const AT_WORK: Readonly<Record<string, AnsweringKind>> = { reply_started: 'llm', agent_said: 'tts' }

interface Growing {
  readonly kind: AnsweringKind
  readonly answered: string[]
  readonly fallbacks: RecordedStage['fallbacks'][number][]
}

/** Collects from a call's events which provider of every stage answered. */
export class RecordedStages {
  readonly #providers: NonNullable<CallFacts['providers']>
  readonly #begun: Growing[] = []

  constructor(providers: CallFacts['providers'] = {}) {
    this.#providers = providers
  }

  get stages(): readonly RecordedStage[] {
    return KINDS.flatMap((kind) => {
      const one = this.#begunOf(kind)
      return one === undefined ? [] : { kind, answered: one.answered, fallbacks: one.fallbacks }
    })
  }

  onEvent({ event, atMs, fields }: CallEvent): void {
    const fell = FELL_BACK[event]
    if (fell !== undefined) return this.#fellBack(fell, atMs, fields, 'failed')
    if (event === 'provider_passed_over') {
      const kind = KINDS.find((known) => known === fields['kind'])
      return kind && this.#fellBack(kind, atMs, fields, 'passed_over')
    }
    if (event === 'stt_ready') return this.#answered('stt', fields['plugin'])
    if (event === 'usage')
      return this.#answered(
        KINDS.find((known) => known === fields['kind']),
        fields['plugin'],
      )
    const atWork = AT_WORK[event]
    if (atWork !== undefined && !this.#begunOf(atWork)) this.#answered(atWork, this.#providers[atWork])
  }

  #begunOf(kind: AnsweringKind): Growing | undefined {
    return this.#begun.find((one) => one.kind === kind)
  }

  #of(kind: AnsweringKind): Growing {
    const known = this.#begunOf(kind)
    if (known !== undefined) return known
    const one = { kind, answered: [], fallbacks: [] }
    this.#begun.push(one)
    return one
  }

  #answered(kind: AnsweringKind | undefined, name: unknown): void {
    if (kind === undefined || typeof name !== 'string') return
    const { answered } = this.#of(kind)
    if (!answered.includes(name)) answered.push(name)
  }

  #fellBack(
    kind: AnsweringKind,
    atMs: number,
    fields: CallEvent['fields'],
    why: 'failed' | 'passed_over',
  ): void {
    const { fallbacks } = this.#of(kind)
    const [from, to] = [String(fields['from']), String(fields['to'])]
    this.#answered(kind, to)
    if (fallbacks.length < MAX_FALLBACKS) fallbacks.push({ atMs: Math.round(atMs), from, to, why })
  }
}
