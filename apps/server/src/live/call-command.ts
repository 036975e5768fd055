import type { OperatorAction, OperatorRefusal } from '@kav/core/host'
import type { PlaceAnswer, PlaceAsk } from './place-ask.ts'
import type { CallChange, CallNews, HeardFrame, LiveCall, LiveCallDetail } from './live-call.ts'

/**
 * What is asked of a process about the calls that run in it, and what it answers. Plain data: it crosses channels
 * between processes and the bus between nodes. News are pulled, so that a process tells nobody who does not ask: whoever
 * stops asking, or dies, is forgotten a little later.
 */
export interface CallCommands {
  list: { ask: null; answer: readonly LiveCall[] }
  has: { ask: { readonly id: string }; answer: boolean }
  detail: { ask: { readonly id: string }; answer: LiveCallDetail }
  act: {
    ask: { readonly id: string; readonly action: OperatorAction; readonly by: string }
    answer: null
  }
  /** Begins to watch one call, or which calls there are. The answer names what to pull. */
  watch: { ask: { readonly id: string }; answer: { readonly watch: number; readonly detail: LiveCallDetail } }
  'watch-calls': { ask: null; answer: { readonly watch: number; readonly calls: readonly LiveCall[] } }
  listen: { ask: { readonly id: string; readonly by: string }; answer: { readonly watch: number } }
  place: { ask: PlaceAsk; answer: PlaceAnswer }
  pull: { ask: { readonly watch: number }; answer: PulledNews }
  unwatch: { ask: { readonly watch: number }; answer: null }
}

export interface PulledNews {
  readonly news: readonly (CallNews | CallChange | HeardFrame)[]
  /** No more will come. */
  readonly over: boolean
}

export type CallCommandName = keyof CallCommands
export type CallCommand = {
  [Name in CallCommandName]: { readonly name: Name; readonly ask: CallCommands[Name]['ask'] }
}[CallCommandName]

export type CallCommandFault = OperatorRefusal | 'unknown-call' | 'unknown-watch' | 'too-many-watchers'

export type CallCommandAnswer =
  | { readonly done: true; readonly value: unknown }
  | { readonly done: false; readonly why: CallCommandFault; readonly message: string }

/** A process that runs calls: this one, a worker, another node. */
export interface CallHost {
  /** Rejects when it is gone, or does not answer. */
  ask(command: CallCommand): Promise<CallCommandAnswer>
}
