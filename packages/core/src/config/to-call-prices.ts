import { type LoadedStage, type LoadedStages, nameInstances } from '../plugins/index.ts'
import type { CallPrices, Price } from '../telemetry/call-cost.ts'
import { priceNames } from './checks/history-checks.ts'
import { DEFAULT_CURRENCY } from './schema/prices.ts'
import type { PipelineConfig } from './schema/pipeline.ts'

/** What each provider of a pipeline asks; `undefined` where the file names no prices. */
export function toCallPrices({ prices }: PipelineConfig, stages: LoadedStages): CallPrices | undefined {
  const [first] = Object.values(prices)
  if (first === undefined) return undefined
  const names = nameInstances(stages)
  const byProvider: Record<string, Price> = {}
  for (const stage of pricedStages(stages)) {
    const instance = names.get(stage) ?? stage.plugin.name
    const named = priceNames(stage, instance).find((name) => Object.hasOwn(prices, name))
    if (named === undefined) continue
    const { currency: _currency, ...price } = prices[named]!
    byProvider[`${stage.kind} ${instance}`] = price
  }
  return { currency: first.currency ?? DEFAULT_CURRENCY, byProvider }
}

function pricedStages({
  transport,
  stt,
  llm,
  tts,
  realtime,
  languages,
}: LoadedStages): readonly LoadedStage[] {
  const spoken = [...languages.values()].flatMap((one) => [one.stt ?? [], one.tts ?? []].flat())
  return [transport, ...stt, ...llm, ...tts, ...(realtime ? [realtime] : []), ...spoken]
}
