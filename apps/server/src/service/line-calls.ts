import type { CallPlace, CallRefusal, Logger, Metrics, OfferedCall, TransportCall } from '@kav/core'
import type { RefusedCalls, WhyRefused } from '../calls/refused-calls.ts'
import { readTicket, writeTicket } from './call-ticket.ts'
import { callWithValues } from './call-with-values.ts'
import { NumberPlan } from './number-plan.ts'
import type { RunningPipeline } from './running-pipeline.ts'

/** Which pipeline of a line has which call, from its offer on. */
export interface LineCalls {
  readonly pipelines: readonly RunningPipeline[]
  lead(pipelines: readonly RunningPipeline[]): void
  admit(call: OfferedCall, withinMs: number): Promise<CallPlace | CallRefusal>
  /** The same for a call that is this pipeline's, whatever it calls. */
  admitTo(pipeline: RunningPipeline, call: OfferedCall, withinMs: number): Promise<CallPlace | CallRefusal>
  admitPromised(call: OfferedCall, ticket?: string): CallPlace
  /** As `TransportHost.onUnproven`. */
  onUnproven(call: OfferedCall): void
  onCall(call: TransportCall, place: CallPlace): void
}

const UNKNOWN_NUMBER: CallRefusal = { refused: 'unknown-number', instead: { how: 'refuse' } }

/** Who placed the call knows better what it is about. */
function besides(
  said: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(said).filter(([name]) => !Object.hasOwn(own, name)))
}

const namesOf = (pipelines: readonly RunningPipeline[]): readonly string[] =>
  pipelines.map(({ loaded }) => loaded.config.name)

function withValues(
  answer: CallPlace | CallRefusal,
  values: Readonly<Record<string, string>>,
): CallPlace | CallRefusal {
  if ('refused' in answer || Object.keys(values).length === 0) return answer
  return Object.assign(answer, { values })
}

export interface LineCallsParts {
  readonly transport: string
  readonly log: Logger
  readonly metrics: Metrics
  readonly refused: RefusedCalls
}

type TellRefused = (
  call: OfferedCall,
  reason: WhyRefused,
  instead: CallRefusal['instead'],
  pipeline?: RunningPipeline,
) => void

/** One that a balancer tries elsewhere is not refused yet: whoever gets it says what came of it. */
function createTellRefused(refused: RefusedCalls, behind: () => readonly RunningPipeline[]): TellRefused {
  return (call, reason, { how: instead }, pipeline) => {
    if (instead === 'elsewhere') return
    const line = behind().map(({ loaded }) => loaded)
    refused.tell({ call, reason, instead, pipeline: pipeline?.loaded, line })
  }
}

export function createLineCalls({ transport, log, metrics, refused }: LineCallsParts): LineCalls {
  const owners = new WeakMap<CallPlace, RunningPipeline>()
  let plan = new NumberPlan<RunningPipeline>([])
  let behind: readonly RunningPipeline[] = []
  const tellRefused = createTellRefused(refused, () => behind)
  const named = (name: string | undefined): RunningPipeline | undefined =>
    behind.find(({ loaded }) => loaded.config.name === name)

  /** Files may have been read anew while somebody was asked. */
  const sinceThen = (one: RunningPipeline): RunningPipeline => named(one.loaded.config.name) ?? one

  const owned = (place: CallPlace, owner: RunningPipeline): CallPlace => {
    owners.set(place, owner)
    return place
  }

  async function admitTo(
    pipeline: RunningPipeline,
    call: OfferedCall,
    withinMs: number,
  ): Promise<CallPlace | CallRefusal> {
    const { beforeCall } = pipeline.hooks
    // Who would be refused anyway need not wait for it.
    if (beforeCall === undefined || pipeline.admission.refusing !== undefined)
      return await placeAt(pipeline, call, withinMs)
    const { instead, failed, pipeline: chosen, values: said } = await beforeCall.ask(call, namesOf(behind))
    if (instead !== undefined) {
      metrics.count('calls_refused_total', 1, { reason: 'hook', instead: instead.how })
      tellRefused(call, failed ? 'hook-failed' : 'hook', instead, pipeline)
      return { refused: 'hook', instead }
    }
    const answer = await placeAt(named(chosen) ?? sinceThen(pipeline), call, withinMs)
    return withValues(answer, call.pipeline === undefined ? said : besides(said, call.values))
  }

  async function placeAt(
    pipeline: RunningPipeline,
    call: OfferedCall,
    withinMs: number,
  ): Promise<CallPlace | CallRefusal> {
    const { id, from, to, pipeline: placedFor } = call
    const answer = await pipeline.admission.admit({ id, from, to, pipeline: placedFor }, withinMs)
    if ('refused' in answer) {
      tellRefused(call, answer.refused, answer.instead, pipeline)
      return answer
    }
    const ticket = writeTicket({ pipeline: pipeline.loaded.config.name, placed: placedFor !== undefined })
    return owned(Object.assign(answer, { ticket }), pipeline)
  }

  /** Promised by one that knew the number: where files differ for a moment, it is answered all the same. */
  function anyFor(called: string | undefined): RunningPipeline {
    const byDefault = behind.find(({ loaded }) => loaded.config.default) ?? behind[0]
    return (plan.memberFor(called) ?? byDefault)!
  }

  return {
    get pipelines() {
      return behind
    },
    lead(pipelines) {
      plan = new NumberPlan(pipelines.map((one) => [one.loaded.config, one]))
      behind = pipelines
    },
    async admit(call, withinMs) {
      // One that was placed is its pipeline's, whatever the numbers.
      const pipeline = call.pipeline === undefined ? plan.memberFor(call.to) : named(call.pipeline)
      if (pipeline !== undefined) return await admitTo(pipeline, call, withinMs)
      metrics.count('calls_refused_total', 1, { reason: 'unknown-number', instead: 'refuse' })
      log.warn({ transport, private: { to: call.to } }, 'SERVICE: no pipeline answers the called number')
      tellRefused(call, 'unknown-number', UNKNOWN_NUMBER.instead)
      return UNKNOWN_NUMBER
    },
    admitTo,
    onUnproven(call) {
      tellRefused(call, 'unauthorised', UNKNOWN_NUMBER.instead, plan.memberFor(call.to))
    },
    admitPromised(call, ticket) {
      const said = readTicket(ticket)
      const pipeline = named(said?.pipeline) ?? anyFor(call.to)
      const placed = said?.placed ? { pipeline: said.pipeline } : {}
      return owned(pipeline.admission.admitPromised({ ...call, ...placed }), pipeline)
    },
    onCall(call, place) {
      const owner = owners.get(place)!
      // Its pipeline was replaced and has waited for it as long as a place is kept; its token is good for longer.
      const pipeline = owner.isClosed ? (named(owner.loaded.config.name) ?? anyFor(call.params['to'])) : owner
      pipeline.take(place.values === undefined ? call : callWithValues(call, place.values), place)
    },
  }
}
