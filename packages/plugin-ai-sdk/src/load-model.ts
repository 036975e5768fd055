import type { LanguageModelV3 } from '@ai-sdk/provider'
import { messageOf, ProviderError } from '@kav/core'
import type { LlmParams } from './llm-params.ts'
import { locatePackage } from './locate-package.ts'

/** Versions of the AI SDK's interface whose requests and answers are alike in all that is used here. */
const SPOKEN = ['v2', 'v3', 'v4']

/** Options that every provider package of the AI SDK takes. */
interface FactoryOptions {
  readonly apiKey?: string
  readonly baseURL?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch: typeof globalThis.fetch
}

type Factory = (options: FactoryOptions) => unknown

/** The model that the params name. Rejects with a `bad-request` ProviderError that says what to correct. */
export async function loadModel(
  params: LlmParams,
  baseDir: string,
  fetch: typeof globalThis.fetch,
): Promise<LanguageModelV3> {
  const factory = factoryOf(await importPackage(params.package, baseDir), params)
  const provider: unknown = factory({
    ...params.options,
    ...(params.api_key !== undefined && { apiKey: params.api_key }),
    ...(params.base_url !== undefined && { baseURL: params.base_url }),
    ...(params.headers !== undefined && { headers: params.headers }),
    fetch,
  })
  const model = modelOf(provider, params.model)
  const version = (model as { specificationVersion?: unknown } | undefined)?.specificationVersion
  if (SPOKEN.includes(String(version))) return model as LanguageModelV3
  throw wrong(
    params,
    `gives no language model of the AI SDK's interface ${SPOKEN.join(', ')} (but ${String(version).slice(0, 20)}); install another version of it`,
  )
}

async function importPackage(name: string, baseDir: string): Promise<Readonly<Record<string, unknown>>> {
  const found = await locatePackage(name, baseDir)
  if (found === undefined) throw new ProviderError('bad-request', notFound(name))
  try {
    return (await import(found)) as Record<string, unknown>
  } catch (thrown) {
    const why = messageOf(thrown).split('\n')[0]!
    throw new ProviderError('bad-request', `"${name}" failed while it was imported: ${why}`)
  }
}

/** What to do about a package that is not there. */
export function notFound(name: string): string {
  if (/^[./\\]/.test(name))
    return `there is no file "${name}"; paths start at the folder of the pipeline file`
  return `"${name}" is not installed; run: npm install ${name}`
}

function factoryOf(module: Readonly<Record<string, unknown>>, params: LlmParams): Factory {
  const made = Object.entries(module).filter(
    ([name, value]) => /^create[A-Z]/.test(name) && typeof value === 'function',
  )
  if (params.factory !== undefined) {
    const named = made.find(([name]) => name === params.factory)
    if (named !== undefined) return named[1] as Factory
    throw wrong(params, `has no function ${params.factory}; it has ${namesOf(made)}`)
  }
  // One function under two names is one function.
  const [only, another] = [...new Set(made.map(([, value]) => value))]
  if (only !== undefined && another === undefined) return only as Factory
  throw wrong(params, `has ${namesOf(made)}; name the one that makes the provider as factory`)
}

function namesOf(made: readonly (readonly [string, unknown])[]): string {
  return made.length === 0 ? 'no function create…' : made.map(([name]) => name).join(', ')
}

/** A provider is a function of the model's name, or has one. */
function modelOf(provider: unknown, name: string): unknown {
  const { languageModel } = (provider ?? {}) as { languageModel?: unknown }
  if (typeof languageModel === 'function') return languageModel.call(provider, name) as unknown
  return typeof provider === 'function' ? (provider as (name: string) => unknown)(name) : undefined
}

function wrong(params: LlmParams, what: string): ProviderError {
  return new ProviderError('bad-request', `"${params.package}" ${what}`)
}
