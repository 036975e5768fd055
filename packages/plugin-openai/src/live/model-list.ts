import { fieldsOf, textOf } from '../foreign-fields.ts'

/** What a server says it serves. */
export interface ModelList {
  readonly ids: readonly string[]
  /** There are more than it said. */
  readonly isPartial: boolean
  /** It answers to any name: llama.cpp has the one model it was started with. */
  readonly takesAnyName: boolean
}

const EMPTY: ModelList = { ids: [], isPartial: false, takesAnyName: false }

/**
 * The answer to `GET /models`: `{data: [{id}]}` of OpenAI, vLLM, Ollama, llama.cpp and Groq, a bare list of Together,
 * `{models: [{name}]}` of older gateways. `undefined` when it is no list of models.
 */
export function readModelList(answer: unknown): ModelList | undefined {
  const fields = fieldsOf(answer)
  const entries = [answer, fields.data, fields.models].find((value) => Array.isArray(value)) as
    readonly unknown[] | undefined
  // An Ollama without a model lists null.
  if (entries === undefined) return fields.object === 'list' ? EMPTY : undefined
  return {
    ids: entries.map(readModel).filter((id) => id !== undefined),
    isPartial: fields.has_more === true || typeof fields.nextPageToken === 'string',
    takesAnyName: entries.some((entry) => fieldsOf(entry).owned_by === 'llamacpp'),
  }
}

/** The answer to `GET /models/{model}`: the id of a model; `undefined` when it is none. */
export function readModel(entry: unknown): string | undefined {
  if (typeof entry === 'string') return textOf(entry)
  const { id, name, model } = fieldsOf(entry)
  return textOf(id) ?? textOf(name) ?? textOf(model)
}

/** Whether the server means by one of its ids what the params call `model`. */
export function isListed(model: string, { ids }: ModelList): boolean {
  return ids.some(
    (id) => namesOf(id).includes(model) || fitsPattern(model, id) || id === withoutVariant(model),
  )
}

/** Google's `models/gemini-…` and Ollama's `…:latest` are also called by the short name. */
function namesOf(id: string): readonly string[] {
  return [id, id.replace(/^models\//, ''), id.replace(/:latest$/, '')]
}

/** OpenRouter's `openai/gpt-4o:nitro` is a way to serve `openai/gpt-4o`. */
function withoutVariant(model: string): string {
  return model.includes('/') ? model.replace(/:[a-z]+$/, '') : model
}

/** LiteLLM lists `openai/*` for a provider that it passes everything on to. */
function fitsPattern(model: string, id: string): boolean {
  return id.endsWith('*') && model.startsWith(id.slice(0, -1))
}
