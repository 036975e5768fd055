import { CALL_EVENTS, ERROR_CODES, pipelineJsonSchema, type InstalledPlugins } from '@kav/core/host'
import { didYouMean } from '@kav/core/kit'
import { Type } from '@sinclair/typebox'
import type { Environment } from '../environment.ts'
import { type PluginPackage, pluginPackages } from '../project-plugins.ts'
import { type AgentTool, agentTool } from './agent-tool.ts'
import type { DocsShelf } from './docs-shelf.ts'
import type { AskOwnProcess } from './own-process.ts'
import { paramsText } from './params-text.ts'

const optional = (description: string) =>
  Type.Optional(Type.String({ description, minLength: 1, maxLength: 200 }))

export interface ReferenceParts {
  readonly docs: DocsShelf
  /** What the server came with. */
  readonly installed: readonly InstalledPlugins[]
  readonly env: Environment
  readonly ask: AskOwnProcess
}

/** What can be looked up: the shape of a pipeline, errors, events, documents. */
export function referenceTools(parts: ReferenceParts): readonly AgentTool[] {
  const { docs } = parts
  return [
    agentTool(
      'schema',
      'JSON Schema of the pipeline file (YAML). Without arguments: all fields but the params of plugins, and which ' +
        'plugins are installed here. With `plugin`: the params of that package, or of the plugin in a file. With `part`: one ' +
        'field alone, such as `tools`.',
      {
        plugin: optional('A package, such as @kav/plugin-openai, or a path, such as ./my-stt.js.'),
        kind: optional('With plugin: one of its plugins alone, such as tts.'),
        part: optional('A field of the pipeline file, such as conversation.'),
      },
      ({ plugin, kind, part }) =>
        plugin === undefined ? pipelineSchema(parts, part) : paramsOf(parts, plugin, kind),
    ),
    agentTool(
      'errors',
      'What an error code of Kav (KAV_…) means and what to do about it. Without a code: all codes, a line each.',
      { code: optional('Such as KAV_CONFIG_UNKNOWN_FIELD.') },
      ({ code }) =>
        code === undefined
          ? allErrors()
          : docs.read('errors', known(code.toUpperCase(), Object.keys(ERROR_CODES))),
    ),
    agentTool(
      'events',
      'What the events of a call in logs, counters and records mean. Without an event: all, a line each.',
      { event: optional('Such as reply_failed.') },
      ({ event }) => {
        const names =
          event === undefined ? Object.keys(CALL_EVENTS) : [known(event, Object.keys(CALL_EVENTS))]
        return names.map(eventLine).join('\n')
      },
    ),
    agentTool(
      'docs',
      'The documentation of Kav. Without arguments: its pages, a line each. `search` finds sections by words; `page`, ' +
        'with `section` or without, reads.',
      {
        search: optional('Words to look for.'),
        page: optional('Such as tools.'),
        section: optional('A heading of the page.'),
      },
      ({ search, page, section }) => {
        if (page !== undefined) return docs.read(page, section)
        if (search === undefined) return docs.index
        const found = docs.search(search)
        if (found.length === 0)
          return 'No section has these words. Without arguments this tool lists the pages.'
        return found
          .map(({ page: name, title, text }) => `[${name}, section "${title}"]\n${text.slice(0, 1500)}`)
          .join('\n\n')
      },
    ),
  ]
}

async function pipelineSchema({ installed }: ReferenceParts, part: string | undefined): Promise<string> {
  const schema = pipelineJsonSchema([])
  const fields = schema['properties'] as Record<string, unknown>
  if (part !== undefined) return JSON.stringify(fields[known(part, Object.keys(fields))], null, 1)
  const plugins = installed.flatMap(({ name, plugins: own }) =>
    own.map(({ kind, description }) => `${name} (${kind}): ${description}`),
  )
  const others = (await othersHere(installed)).map(({ name, version }) => `${name} ${version}`)
  return `${JSON.stringify(schema)}\n\nInstalled plugins:\n${[...plugins, ...others].join('\n')}`
}

async function paramsOf(
  { installed, env, ask }: ReferenceParts,
  name: string,
  kind: string | undefined,
): Promise<string> {
  const own = installed.find((each) => each.name === name)
  if (own !== undefined) return paramsText(name, own.plugins, kind)
  if (!/^[./]/.test(name)) {
    const others = await othersHere(installed)
    known(
      name,
      [...installed, ...others].map((each) => each.name),
    )
  }
  return ask({ tool: 'params', args: { plugin: name, ...(kind !== undefined && { kind }) }, env })
}

/** What the project has installed besides: nothing of it is run for a list. */
async function othersHere(installed: readonly InstalledPlugins[]): Promise<readonly PluginPackage[]> {
  const packages = await pluginPackages([process.cwd()])
  return packages.filter(({ name, isSure }) => isSure && !installed.some((each) => each.name === name))
}

function allErrors(): string {
  return Object.entries(ERROR_CODES)
    .map(([code, { meaning }]) => `${code}: ${meaning}`)
    .join('\n')
}

function eventLine(name: string): string {
  const { level, message, about } = CALL_EVENTS[name as keyof typeof CALL_EVENTS]
  return `${name} (${level}, "${message}"): ${about}`
}

function known(name: string, names: readonly string[]): string {
  if (names.includes(name)) return name
  const meant = didYouMean(name, names)
  throw new Error(
    `there is no "${name}"; ${meant ? `did you mean "${meant}"?` : `there are ${names.join(', ')}`}`,
  )
}
