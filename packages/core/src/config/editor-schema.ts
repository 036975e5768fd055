import type { AnyPlugin } from '../contracts/index.ts'
import { PLUGIN_KINDS, type PluginKind } from '../contracts/index.ts'
import { closedSchema } from './findings/closed-schema.ts'
import { PipelineSchema } from './schema/pipeline.ts'
import { CoreSttParamsSchema } from './schema/stage.ts'
import { MCP_PLUGIN } from './schema/tools.ts'
import { STEPS } from './checks/stage-combinations.ts'

/** A plugin package and what it exports. */
export interface InstalledPlugins {
  /** Name of the package. */
  readonly name: string
  readonly plugins: readonly AnyPlugin[]
}

type Schema = Record<string, unknown>

const each = (value: boolean): Schema => Object.fromEntries(STEPS.map((name) => [name, value]))

/** Either stt, llm and tts, or realtime. */
const COMBINATIONS: Schema = {
  if: { properties: { realtime: true }, required: ['realtime'] },
  then: { properties: each(false) },
  else: { properties: each(true), required: [...STEPS] },
}

/** Every string may hold a variable, so every field that is not free text must let one through. */
const PLACEHOLDER: Schema = { type: 'string', pattern: '\\$\\{' }

/**
 * One JSON Schema of the pipeline file for editors (draft 07, which yaml-language-server reads best): completes
 * plugin names and, once a plugin is chosen, its params. The same input gives the same text.
 */
export function pipelineJsonSchema(installed: readonly InstalledPlugins[]): Schema {
  const sorted = [...installed].sort((a, b) => (a.name < b.name ? -1 : 1))
  const root = forEditor(plain(PipelineSchema))
  const stages = root['properties'] as Record<PluginKind | 'tools', Schema>
  const tools = stages.tools['properties'] as Record<'plugins' | 'mcp', Schema>
  const languages = languageStages(root)
  const places: Partial<Record<PluginKind, Schema | undefined>> = {
    ...stages,
    vad: (stages.vad['anyOf'] as Schema[])[1],
    tool: tools.plugins['items'] as Schema,
  }
  const choicesOf = (kind: PluginKind) =>
    sorted.flatMap((entry) =>
      entry.plugins.filter((plugin) => plugin.kind === kind).map((plugin) => ({ name: entry.name, plugin })),
    )
  for (const kind of PLUGIN_KINDS) {
    const choices = choicesOf(kind)
    const stage = places[kind]
    if (stage === undefined) continue
    completePlugins(stage, choices, kind === 'stt' || kind === 'realtime')
    const fallback = (stage['properties'] as Schema)['fallback'] as Schema | undefined
    if (fallback !== undefined) completePlugins(fallback['items'] as Schema, choices, false)
    const denoise = (stage['properties'] as Schema)['denoise'] as Schema | undefined
    if (denoise !== undefined) completePlugins(denoise, choicesOf('denoise'), false)
    const language = languages[kind]
    if (language !== undefined) completePlugins(language, choices, false)
  }
  completeMcp(tools.mcp['items'] as Schema, sorted)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Kav pipeline',
    ...root,
    ...COMBINATIONS,
  }
}

/** The stages of a further language: one pattern serves every tag. */
function languageStages(root: Schema): Partial<Record<PluginKind, Schema>> {
  const section = (root['properties'] as Schema)['languages'] as Schema
  const [language] = Object.values(section['patternProperties'] as Schema) as Schema[]
  return language!['properties'] as Partial<Record<PluginKind, Schema>>
}

function completePlugins(
  stage: Schema,
  choices: readonly { name: string; plugin: AnyPlugin }[],
  withCoreParams: boolean,
): void {
  const properties = stage['properties'] as Schema
  const named = properties['plugin'] as Schema
  const anyOther = { type: 'string', pattern: '^(?!@kav/)' }
  properties['plugin'] = {
    description: named['description'],
    anyOf: [{ enum: choices.map((choice) => choice.name) }, anyOther],
  }
  if (choices.length === 0) {
    properties['plugin'] = named
    return
  }
  stage['allOf'] = choices.map((choice) => {
    const params = forEditor(plain(closedSchema(choice.plugin.params)))
    if (withCoreParams) addCoreParams(params)
    const needed = Array.isArray(params['required']) && params['required'].length > 0 ? ['params'] : []
    return {
      if: { properties: { plugin: { const: choice.name } }, required: ['plugin'] },
      then: {
        properties: { params: { description: choice.plugin.description, ...params } },
        ...(needed.length > 0 ? { required: needed } : {}),
      },
    }
  })
}

/** An entry of `tools.mcp` holds params among its own fields. */
function completeMcp(entry: Schema, installed: readonly InstalledPlugins[]): void {
  const plugin = installed
    .find(({ name }) => name === MCP_PLUGIN)
    ?.plugins.find(({ kind }) => kind === 'tool')
  if (plugin === undefined) return
  const params = forEditor(plain(plugin.params))
  const own = entry['properties'] as Schema
  Object.assign(entry, params, { properties: { ...(params['properties'] as Schema), ...own } })
}

function addCoreParams(params: Schema): void {
  const core = forEditor(plain(CoreSttParamsSchema))['properties'] as Schema
  params['properties'] = { ...(params['properties'] as Schema | undefined), ...core }
}

/** Drops what TypeBox keeps beside the JSON Schema. */
function plain(schema: object): Schema {
  return JSON.parse(JSON.stringify(schema)) as Schema
}

/** Lets `${NAME}` through wherever text alone would not, and requires only what has no default. */
function forEditor(schema: Schema): Schema {
  const result: Schema = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties' || keyword === 'patternProperties' || keyword === '$defs') {
      const entries = Object.entries(value as Record<string, Schema>)
      result[keyword] = Object.fromEntries(entries.map(([name, inner]) => [name, forEditor(inner)]))
    } else if (keyword === 'items' || keyword === 'additionalProperties') {
      result[keyword] = typeof value === 'object' && value !== null ? forEditor(value as Schema) : value
    } else if (keyword === 'allOf' || keyword === 'anyOf' || keyword === 'oneOf') {
      result[keyword] = (value as Schema[]).map(forEditor)
    } else if (keyword === 'required') {
      const properties = (schema['properties'] ?? {}) as Record<string, Schema>
      const required = (value as string[]).filter((name) => !('default' in (properties[name] ?? {})))
      if (required.length > 0) result[keyword] = required
    } else {
      result[keyword] = value
    }
  }
  return isStrictScalar(result) ? letPlaceholderThrough(result) : result
}

/** A scalar that would refuse `${NAME}`: not text, or text with rules of its own. */
function isStrictScalar(schema: Schema): boolean {
  if ('const' in schema || 'enum' in schema) return true
  if (schema['type'] === 'string') return 'pattern' in schema || 'format' in schema || 'maxLength' in schema
  const types: readonly unknown[] = Array.isArray(schema['type']) ? schema['type'] : [schema['type']]
  return types.some((type) => type === 'number' || type === 'integer' || type === 'boolean')
}

function letPlaceholderThrough(schema: Schema): Schema {
  const { description, default: preset, title, ...strict } = schema
  const shown = { title, description, default: preset }
  const kept = Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined))
  return { ...kept, anyOf: [strict, PLACEHOLDER] }
}
