import {
  type AnyPlugin,
  type Clock,
  messageOf,
  type ParamWarning,
  type PluginKind,
} from '../../contracts/index.ts'
import type { ErrorCode } from '../../errors.ts'
import { withDeadline } from '../../kit/deadline.ts'
import type { LoadedStage, PluginLoader } from '../../plugins/index.ts'
import { checkValue } from '../findings/check-value.ts'
import { closedSchema } from '../findings/closed-schema.ts'
import { compileSchema, type SchemaCheck } from '../findings/compile-schema.ts'
import { homeOfParam } from '../hints/field-homes.ts'
import type { Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { CORE_STT_PARAMS } from '../schema/stage.ts'
import { isBroken, type SourceNode } from '../source/source-tree.ts'
import { mapOf } from '../source/value-shapes.ts'

export interface StageFinding extends Finding {
  readonly severity: 'error' | 'warning'
  /** Written by a plugin: secrets must be masked, and line ends taken out, before it is shown. */
  readonly foreign: boolean
}

export interface StageRequest {
  readonly kind: PluginKind
  /** Where the stage stands in the file: `['stt']`, `['stt', 'fallback', 0]`. */
  readonly path: Path
  readonly plugin: string
  /** As written; absent when what is written is not a map, which the pipeline's own schema tells. */
  readonly params: Readonly<Record<string, unknown>> | undefined
  /** The params stand in the stage's own map, among these fields, and what plugin it is nowhere. */
  readonly among?: readonly string[]
}

/** Where in the file the plugin is named, and where its params stand. */
export function placesOf({ path, among }: StageRequest): { readonly plugin: Path; readonly params: Path } {
  return among === undefined
    ? { plugin: [...path, 'plugin'], params: [...path, 'params'] }
    : { plugin: path, params: path }
}

export interface StageResult {
  readonly stage?: LoadedStage
  readonly findings: readonly StageFinding[]
}

/** Loads the plugin of one stage and checks its params. Never throws. */
export async function checkStage(
  request: StageRequest,
  loader: PluginLoader,
  baseDir: string,
  source: SourceNode,
): Promise<StageResult> {
  const { plugin: pluginPath } = placesOf(request)
  if (isBroken(source, pluginPath)) return { findings: [] }
  const loaded = await loader.load(request.plugin, request.kind, baseDir)
  if (!loaded.ok) return { findings: [foreign(loaded.code, pluginPath, loaded.message)] }
  const { plugin } = loaded
  const doubts = loaded.doubts.map(({ code, message }): StageFinding => ({
    ...foreign(code, pluginPath, message),
    severity: 'warning',
  }))

  const unusable = whyUnusable(plugin)
  const compiled = compileSchema(closedSchema(plugin.params), true)
  if (unusable !== undefined || !compiled.ok) {
    const why = unusable ?? (compiled.ok ? '' : compiled.reason)
    const message = `plugin "${plugin.name}" states its params in a schema that cannot be used: ${why}`
    return { findings: [foreign('KAV_PLUGIN_SCHEMA', pluginPath, message)] }
  }
  if (request.params === undefined) return { findings: doubts }
  const checked = checkParams(request, request.params, plugin, compiled.check, source)
  return { ...checked, findings: [...doubts, ...checked.findings] }
}

function checkParams(
  request: StageRequest,
  written: Readonly<Record<string, unknown>>,
  plugin: AnyPlugin,
  check: SchemaCheck,
  source: SourceNode,
): StageResult {
  const { params: paramsPath } = placesOf(request)
  const hears = hasCoreParams(request.kind) && request.path.length === 1
  const isOtherStt = request.kind === 'stt' && !hears
  // The core's four numbers are checked with the pipeline's own schema; the plugin never sees them.
  const own = hears ? withoutCoreParams(written) : written
  const { value, findings } = checkValue(plugin.params, check, own, paramsPath, source, {
    alsoKnown: hears ? CORE_STT_PARAMS : (request.among ?? []),
    hintFor: (path, name) => {
      if (path.length > 0) return undefined
      if (isOtherStt && CORE_STT_PARAMS.includes(name)) return '; it is set once, in stt.params'
      if (request.kind === 'stt' && name === 'denoise') return DENOISE_HINT
      return request.among === undefined ? homeOfParam(request.kind, name) : undefined
    },
  })
  const errors = findings.map((finding): StageFinding => ({
    ...finding,
    path: [...paramsPath, ...finding.path],
    severity: 'error',
    foreign: false,
  }))
  const params = value as Record<string, unknown>
  const stage = { kind: request.kind, path: request.path, package: request.plugin, plugin, params }
  if (errors.length > 0 || isBroken(source, paramsPath)) return { findings: errors }
  return { stage, findings: pluginWarnings(plugin, params, paramsPath) }
}

const DENOISE_HINT =
  '; noise is taken out by a stage beside these params: stt.denoise: { plugin: "@kav/plugin-local" }'

function pluginWarnings(
  plugin: AnyPlugin,
  params: Readonly<Record<string, unknown>>,
  paramsPath: Path,
): readonly StageFinding[] {
  try {
    return fromPlugin(plugin.check?.(params), paramsPath)
  } catch (error) {
    return [checkFailed(plugin, paramsPath, error)]
  }
}

/** A key file on a slow network drive takes a second or two. */
const FILES_LIMIT_MS = 10_000

/** The files that the params name. They may be read by nobody else, so a file is looked at, not kept. */
export async function checkFiles(
  stage: LoadedStage,
  paramsPath: Path,
  { baseDir, clock }: { readonly baseDir: string; readonly clock?: Clock },
): Promise<readonly StageFinding[]> {
  try {
    const asked = Promise.resolve(stage.plugin.checkFiles?.(stage.params, baseDir))
    const doing = 'checkFiles'
    return fromPlugin(await (clock ? withDeadline(clock, FILES_LIMIT_MS, doing, asked) : asked), paramsPath)
  } catch (error) {
    return [checkFailed(stage.plugin, paramsPath, error)]
  }
}

/** What a plugin says of its params. Throws where that is not what its contract asks for. */
function fromPlugin(given: unknown, paramsPath: Path): readonly StageFinding[] {
  if (given === undefined || given === null) return []
  if (!Array.isArray(given) || !given.every(isParamWarning))
    throw new TypeError('what it gives is no list of { path: [ … ], message: "…" }')
  return given.map(({ path, message, severity = 'warning' }) => {
    const code = severity === 'error' ? 'KAV_CONFIG_VALUE' : 'KAV_CONFIG_PARAM_WARNING'
    return { ...foreign(code, [...paramsPath, ...path], message), severity }
  })
}

/** A plugin may be written without types. */
function isParamWarning(given: unknown): given is ParamWarning {
  const { path, message, severity = 'warning' } = mapOf(given) ?? {}
  const isPath = Array.isArray(path) && path.every((part) => ['string', 'number'].includes(typeof part))
  return isPath && typeof message === 'string' && (severity === 'warning' || severity === 'error')
}

function checkFailed(plugin: AnyPlugin, paramsPath: Path, error: unknown): StageFinding {
  const message = `plugin "${plugin.name}" failed while checking its params: ${messageOf(error)}`
  return foreign('KAV_PLUGIN_CHECK', paramsPath, message)
}

/** The kinds whose stage also holds the core's four numbers. */
function hasCoreParams(kind: PluginKind): boolean {
  return kind === 'stt' || kind === 'realtime'
}

function whyUnusable(plugin: AnyPlugin): string | undefined {
  if (plugin.params['type'] !== 'object') return 'it must describe an object'
  const properties: unknown = plugin.params['properties']
  if (!hasCoreParams(plugin.kind) || typeof properties !== 'object' || properties === null) return undefined
  const taken = CORE_STT_PARAMS.find((name) => Object.hasOwn(properties, name))
  return taken === undefined ? undefined : `"${taken}" belongs to the core`
}

function withoutCoreParams(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).filter(([name]) => !CORE_STT_PARAMS.includes(name)))
}

function foreign(code: ErrorCode, path: Path, message: string): StageFinding {
  return {
    code,
    path,
    at: 'value',
    message,
    severity: 'error',
    foreign: true,
  }
}
