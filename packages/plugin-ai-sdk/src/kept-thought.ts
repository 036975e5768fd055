import type { LanguageModelV3ReasoningPart, SharedV3ProviderOptions } from '@ai-sdk/provider'
import type { LlmToolCall } from '@kav/core'
import { fieldsOf, textOf } from './foreign-fields.ts'

/**
 * What a model wants to have back with its calls, as it came: signed thoughts (Anthropic), signatures of thoughts
 * (Gemini). It travels as the opaque part of a call: nobody speaks, remembers or records it, and with the call it goes.
 */
export interface KeptThought {
  /** A piece of a thought; `begins` for its first one. */
  add(id: string, text: string, metadata: unknown): void
  /** The thoughts so far, as parts of a message. Asked for again, those since. */
  take(): readonly LanguageModelV3ReasoningPart[]
  /** More than is kept: none of them is given back, since half a signed thought is refused. */
  readonly overfull: boolean
}

/** More is no thought that a phone call has time for. */
const MAX_CHARS = 262_144

export function createKeptThought(): KeptThought {
  let parts = new Map<string, { text: string; options: Record<string, unknown> }>()
  let chars = 0
  return {
    add(id, text, metadata) {
      chars += text.length + (metadata === undefined ? 0 : JSON.stringify(metadata).length)
      if (chars > MAX_CHARS) return
      const { text: before = '', options = {} } = parts.get(id) ?? {}
      parts.set(id, { text: before + text, options: merged(options, metadata) })
    },
    take() {
      const taken = [...parts.values()]
      parts = new Map()
      if (chars > MAX_CHARS) return []
      return taken.map(({ text, options }) => ({
        type: 'reasoning',
        text,
        ...(Object.keys(options).length > 0 && { providerOptions: options as SharedV3ProviderOptions }),
      }))
    },
    get overfull() {
      return chars > MAX_CHARS
    },
  }
}

/** Metadata is one map for each provider. */
function merged(before: Readonly<Record<string, unknown>>, metadata: unknown): Record<string, unknown> {
  const entries = Object.entries(fieldsOf(metadata))
  return {
    ...before,
    ...Object.fromEntries(entries.map(([name, own]) => [name, { ...fieldsOf(before[name]), ...fieldsOf(own) }])),
  }
}

/** What of a call goes back to its model. */
export interface CallThought {
  readonly before: readonly LanguageModelV3ReasoningPart[]
  readonly options: SharedV3ProviderOptions | undefined
}

/** A call's opaque part; `undefined`: there is nothing to keep. `origin`: whose model it is, and nobody else's. */
export function opaqueOf(
  origin: string,
  before: readonly LanguageModelV3ReasoningPart[],
  metadata: unknown,
): LlmToolCall['opaque'] {
  if (before.length === 0 && metadata === undefined) return undefined
  return { origin, ...(before.length > 0 && { before }), ...(metadata !== undefined && { metadata }) }
}

/** Other models refuse what they have not sent. */
export function thoughtOf({ opaque }: LlmToolCall, origin: string): CallThought {
  if (opaque === undefined || textOf(opaque.origin) !== origin) return { before: [], options: undefined }
  return {
    before: (opaque.before ?? []) as readonly LanguageModelV3ReasoningPart[],
    options: opaque.metadata as SharedV3ProviderOptions | undefined,
  }
}
