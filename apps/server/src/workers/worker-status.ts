import type { PipelineStatus, ServiceStatus } from '../service/service-status.ts'
import type { MachineRooms } from './machine-rooms.ts'
import type { Worker } from './worker.ts'

type ProviderStates = PipelineStatus['providers']

const WORSE = ['closed', 'half-open', 'open']

/** What the workers say, as one: a pipeline takes a call where one of them would. */
export function mergeStatus(
  workers: readonly Worker[],
  rooms: Pick<MachineRooms, 'isFull' | 'freeOf' | 'countOf'>,
): ServiceStatus {
  const statuses = workers.flatMap(({ load }) => load?.status ?? [])
  const names = [...new Set(statuses.flatMap(({ pipelines }) => pipelines.map(({ name }) => name)))]
  return {
    pipelines: names.map((name) => {
      const one = mergePipeline(
        statuses.flatMap(({ pipelines }) => pipelines.filter((of) => of.name === name)),
      )
      const free = rooms.freeOf(name)
      const counted = { ...one, ...(free !== undefined && { free_calls: free }) }
      return one.refusing === undefined && rooms.isFull(name) ? { ...counted, refusing: 'full' } : counted
    }),
    leaving_calls: statuses.reduce((sum, status) => sum + status.leaving_calls, 0),
    workers: workers.map((worker) => ({
      worker: worker.slot,
      pid: worker.pid,
      calls: rooms.countOf(worker),
      cpu_share: round(worker.load?.cpuShare ?? 0),
      event_loop_lag_ms: round(worker.load?.lagMs ?? 0),
    })),
  }
}

function mergePipeline(same: readonly PipelineStatus[]): PipelineStatus {
  const [first] = same
  const refusing = same.map((one) => one.refusing)
  const { refusing: _one, ...rest } = first!
  return {
    ...rest,
    calls: same.reduce((sum, { calls }) => sum + calls, 0),
    promised_calls: same.reduce((sum, { promised_calls }) => sum + promised_calls, 0),
    ...(refusing.includes(undefined) ? {} : { refusing: refusing[0]! }),
    able: same.some(({ able }) => able),
    providers: mergeProviders(same.flatMap(({ providers }) => providers)),
  }
}

/** Of each provider the worst that a worker has seen. */
function mergeProviders(states: ProviderStates): ProviderStates {
  const worst = new Map<string, ProviderStates[number]>()
  for (const state of states) {
    const key = `${state.kind} ${state.provider} ${state.region}`
    const known = worst.get(key)
    if (known === undefined || WORSE.indexOf(state.state) > WORSE.indexOf(known.state)) worst.set(key, state)
  }
  return [...worst.values()]
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
