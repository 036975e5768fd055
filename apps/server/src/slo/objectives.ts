import type { PipelineConfig } from '@kav/core/host'

export type Slo = NonNullable<PipelineConfig['slo']>

export type ObjectiveName = 'availability' | 'answers' | 'first_words' | 'gaps'

/** One promise as it is counted: so many bad ones of so many. */
export interface Objective {
  /** The label `slo`. */
  readonly name: ObjectiveName
  /** As the file has it, in base units: 0.999, 1.2 s. */
  readonly target: number
  /** Bad ones that are allowed for each that is counted. 0: none. */
  readonly allowed: number
  /** A bad one is one of those that are counted, so there cannot be more. */
  readonly isShare: boolean
  /** What is counted. */
  readonly counted: string
  /** What is bad of it, for people. */
  readonly bad: string
}

const LATE_OF_ALL = 0.05
const MS_PER_SECOND = 1000

export function objectivesOf(slo: Slo): readonly Objective[] {
  const { availability, answer_p95_ms: answerMs, first_words_lost: lost, heard_gaps_per_minute: gaps } = slo
  const all: (Objective | undefined)[] = [
    availability === undefined
      ? undefined
      : {
          name: 'availability',
          target: availability,
          allowed: exact(1 - availability),
          isShare: true,
          counted: 'calls',
          bad: 'are refused or end by a fault',
        },
    answerMs === undefined
      ? undefined
      : {
          name: 'answers',
          target: answerMs / MS_PER_SECOND,
          allowed: LATE_OF_ALL,
          isShare: true,
          counted: 'answers',
          bad: `begin later than ${answerMs} ms`,
        },
    lost === undefined
      ? undefined
      : {
          name: 'first_words',
          target: lost,
          allowed: lost,
          isShare: true,
          counted: 'calls',
          bad: 'lose words of the caller',
        },
    gaps === undefined
      ? undefined
      : {
          name: 'gaps',
          target: gaps,
          allowed: gaps,
          isShare: false,
          counted: 'minutes of calls',
          bad: 'gaps are heard',
        },
  ]
  return all.filter((one) => one !== undefined)
}

/** `1 - 0.999` is no 0.001. */
function exact(share: number): number {
  return Number(share.toFixed(9))
}
