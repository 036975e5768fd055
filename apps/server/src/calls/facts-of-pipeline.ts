import type { CallFacts, LoadedPipeline, Providers } from '@kav/core/host'

/** What holds for every call of a pipeline. */
export function factsOfPipeline(
  { version }: LoadedPipeline,
  providers: Pick<Providers, 'stt' | 'llm' | 'tts' | 'realtime'>,
  node: string | undefined,
): CallFacts {
  const [stt, llm, tts] = [providers.stt[0]?.name, providers.llm[0]?.name, providers.tts[0]?.name]
  const realtime = providers.realtime?.name
  return {
    pipelineVersion: version,
    ...(node !== undefined && { node }),
    providers: {
      ...(stt !== undefined && { stt }),
      ...(llm !== undefined && { llm }),
      ...(tts !== undefined && { tts }),
      ...(realtime !== undefined && { realtime }),
    },
  }
}
