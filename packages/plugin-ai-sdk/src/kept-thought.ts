import type { LanguageModelV3ReasoningPart, SharedV3ProviderOptions } from '@ai-sdk/provider'
import type { LlmOpaque } from '@kav/core'
import { fieldsOf, jsonOf, textOf } from './foreign-fields.ts'

/**
 * What a model wants to have back with its answer, as it came: signed thoughts (Anthropic), signatures of thoughts
 * (Gemini). It travels as the opaque part of a call, or of the answer: nobody speaks, remembers or records it.
 */
export interface KeptThought {
  /** A piece of the thought `id`. */
  add(id: string, text: string, metadata: unknown): void
  /** The thoughts so far, as parts of a message. Asked for again, those since. */
  take(): readonly LanguageModelV3ReasoningPart[]
}

/** More is no thought that a phone call has time for. None is given back then: half a signed thought is refused. */
const MAX_CHARS = 262_144

export function createKeptThought(): KeptThought {
  let parts = new Map<string, { text: string; options: Record<string, unknown> }>()
  let chars = 0
  return {
    add(id, text, sent) {
      const metadata = plain(sent)
      chars += text.length + (metadata === undefined ? 0 : jsonOf(metadata)!.length)
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
  }
}

/** What cannot be written cannot be given back. */
function plain(metadata: unknown): unknown {
  return jsonOf(metadata) === undefined ? undefined : metadata
}

/** Metadata is one map for each provider. */
function merged(before: Readonly<Record<string, unknown>>, metadata: unknown): Record<string, unknown> {
  const entries = Object.entries(fieldsOf(metadata))
  return {
    ...before,
    ...Object.fromEntries(
      entries.map(([name, own]) => [name, { ...fieldsOf(before[name]), ...fieldsOf(own) }]),
    ),
  }
}

/** What goes back with a part of an answer: with a call, or with the answer's words. */
export interface PartThought {
  /** The thoughts before it. */
  readonly before: readonly LanguageModelV3ReasoningPart[]
  readonly options: SharedV3ProviderOptions | undefined
}

/** `undefined`: there is nothing to keep. `origin`: whose model it is, and nobody else's. */
export function opaqueOf(
  origin: string,
  before: readonly LanguageModelV3ReasoningPart[],
  sent: unknown,
): LlmOpaque | undefined {
  const metadata = plain(sent)
  if (before.length === 0 && metadata === undefined) return undefined
  return { origin, ...(before.length > 0 && { before }), ...(metadata !== undefined && { metadata }) }
}

/** Other models refuse what they have not sent. */
export function thoughtOf(opaque: LlmOpaque | undefined, origin: string): PartThought {
  if (opaque === undefined || textOf(opaque.origin) !== origin) return { before: [], options: undefined }
  return {
    before: (opaque.before ?? []) as readonly LanguageModelV3ReasoningPart[],
    options: opaque.metadata as SharedV3ProviderOptions | undefined,
  }
}
