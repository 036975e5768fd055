import { createProviderInstance, type HealthParts, type ProviderInstance } from '../host.ts'

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
