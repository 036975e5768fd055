import type { CallPrices } from './call-cost.ts'

/** Kinds of stages that providers answer for. */
export type AnsweringKind = 'stt' | 'llm' | 'tts' | 'realtime'

/** What is known of a call before anything happens in it. Plain data: a call's journal begins with it. */
export interface CallFacts {
  /** Hash of the pipeline's file. */
  readonly pipelineVersion?: string
  /** Name of the process's node. */
  readonly node?: string
  /** The first provider of each stage, by name. */
  readonly providers?: Readonly<Partial<Record<AnsweringKind, string>>>
  readonly prices?: CallPrices
  /** Of its trace, 32 hex digits, where it is traced. */
  readonly traceId?: string
  /** Where the recording goes. */
  readonly recording?: string
}
