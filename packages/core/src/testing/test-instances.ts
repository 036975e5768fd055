import {
  createProviderInstance,
  type HealthParts,
  type PoolProviders,
  type PooledStages,
  type ProviderInstance,
} from '../providers/index.ts'

/**
 * Makes providers into what a call is handed, each with a memory of its own. No probe runs, and so no timer: once a
 * provider is due, one request of a call tries it.
 */
export function testInstances(parts: HealthParts) {
  return <Provider extends object>(
    kind: 'stt' | 'llm' | 'tts' | 'realtime',
    name: string,
    provider: Provider,
  ): ProviderInstance<Provider> => {
    const { regions = [] } = provider as { readonly regions?: readonly string[] }
    return createProviderInstance({ kind, name, provider, regions }, parts)
  }
}

/** The stages of a call on such instances. */
export function testStages(
  providers: Omit<PoolProviders, 'languages'>,
  parts: HealthParts,
): Omit<PooledStages, 'languages'> {
  const instanceOf = testInstances(parts)
  const { realtime } = providers
  return {
    stt: providers.stt.map(({ name, provider }) => instanceOf('stt', name, provider)),
    llm: providers.llm.map(({ name, provider }) => instanceOf('llm', name, provider)),
    tts: providers.tts.map(({ name, provider }) => instanceOf('tts', name, provider)),
    ...(realtime && { realtime: instanceOf('realtime', realtime.name, realtime.provider) }),
  }
}
