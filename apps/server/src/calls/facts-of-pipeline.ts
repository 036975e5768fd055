import { type CallFacts, type LoadedPipeline, type Providers, toCallPrices } from '@kav/core/host'

/** What holds for every call of a pipeline. */
export function factsOfPipeline(
  { version, config, stages }: LoadedPipeline,
  providers: Pick<Providers, 'stt' | 'llm' | 'tts' | 'realtime'>,
  node: string | undefined,
): CallFacts {
  const [stt, llm, tts] = [providers.stt[0]?.name, providers.llm[0]?.name, providers.tts[0]?.name]
  const realtime = providers.realtime?.name
  const prices = toCallPrices(config, stages)
  return {
    pipelineVersion: version,
    ...(prices && { prices }),
    ...(node !== undefined && { node }),
    providers: {
      ...(stt !== undefined && { stt }),
      ...(llm !== undefined && { llm }),
      ...(tts !== undefined && { tts }),
      ...(realtime !== undefined && { realtime }),
    },
  }
}
