import type { TextFault } from '../source/read-file.ts'
import { mapOf } from '../source/value-shapes.ts'

/** Stages and maps that only a pipeline has; two of them together are one. */
const OF_A_PIPELINE = ['transport', 'stt', 'llm', 'tts', 'realtime', 'conversation']

/** Marks of another program in the text, of which YAML only says that they do not belong there. */
export function foreignMarks(text: string): TextFault | undefined {
  const conflict = /^(?:<{7} |>{7} )/m.exec(text)
  if (conflict !== null) {
    const message =
      'git left both versions here; keep one of them, and remove the lines "<<<<<<<", "=======" and ">>>>>>>"'
    return { code: 'KAV_CONFIG_SYNTAX', offset: conflict.index, message }
  }
  const fence = /^(?:```|~~~)/m.exec(text)
  if (fence !== null) {
    const message = `this line is of Markdown; remove it, and the other that begins with "${fence[0]}"`
    return { code: 'KAV_CONFIG_SYNTAX', offset: fence.index, message }
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'))
  if (lines.length === 0 || !lines.every((line) => /^(?:export +)?[A-Za-z_][A-Za-z0-9_]*=/.test(line)))
    return undefined
  const message =
    'this is a file of environment variables; name the pipeline file (kav reads a ".env" in its folder by itself)'
  return { code: 'KAV_CONFIG_TYPE', offset: text.indexOf(lines[0] ?? ''), message }
}

/** What a map of YAML or JSON is, that is not a pipeline. */
const KINDS: readonly { readonly is: (root: Root) => boolean; readonly what: string }[] = [
  { is: has('apiVersion', 'kind'), what: 'a Kubernetes manifest' },
  { is: (root) => mapOf(root['services']) !== undefined, what: 'a Docker Compose file' },
  { is: has('jobs', 'on'), what: 'a workflow of GitHub Actions' },
  { is: (root) => 'openapi' in root || 'swagger' in root, what: 'an OpenAPI description' },
  { is: has('compilerOptions'), what: 'the settings of TypeScript (tsconfig.json)' },
  {
    is: (root) => ['dependencies', 'devDependencies', 'scripts'].some((name) => mapOf(root[name])),
    what: 'a package.json',
  },
  { is: has('Resources'), what: 'a CloudFormation template' },
  { is: has('lockfileVersion'), what: 'a lock file of packages' },
  { is: has('mcpServers'), what: 'a list of MCP servers (they stand in "tools.mcp" of a pipeline)' },
  { is: (root) => 'firstMessage' in root || 'transcriber' in root, what: 'an assistant of another service' },
]

type Root = Readonly<Record<string, unknown>>

function has(...names: readonly string[]): (root: Root) => boolean {
  return (root) => names.every((name) => Object.hasOwn(root, name))
}

/**
 * What the file is, where it is no pipeline, or holds one below a key of its own: said once, in place of every field
 * that is missing. `key`: where to say it.
 */
export function foreignFile(root: Root): { readonly message: string; readonly key?: string } | undefined {
  if (pipelineFields(root) > 0) return undefined
  const kind = KINDS.find(({ is }) => is(root))
  if (kind !== undefined) return { message: `this is ${kind.what}, not a pipeline; name the pipeline file` }
  const wrapper = Object.entries(root).find(([, value]) => pipelineFields(mapOf(value) ?? {}) > 1)
  if (wrapper === undefined) return undefined
  const [key] = wrapper
  const shown = /^[\w-]{1,40}$/.test(key) ? `"${key}"` : 'another key'
  const message = `the fields of a pipeline stand at the top of the file, not below ${shown}; remove that line, and indent what is below it less`
  return { message, key }
}

function pipelineFields(root: Root): number {
  return OF_A_PIPELINE.filter((name) => Object.hasOwn(root, name)).length
}
