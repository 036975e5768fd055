import { createHash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { PLUGIN_KINDS } from '../contracts/index.ts'
import type { LoadedStage, LoadedStages } from '../plugins/index.ts'
import { checkValue, withoutRefusedNumbers } from './findings/check-value.ts'
import { compileSchema } from './findings/compile-schema.ts'
import type {
  LoadedPipeline,
  LoadPipelineFailure,
  LoadPipelineOptions,
  LoadPipelineResult,
  LoadPipelineSuccess,
} from './loaded-pipeline.ts'
import { homeHint } from './hints/field-homes.ts'
import { foreignFile } from './hints/foreign-file.ts'
import { createPlacer, type PlacedFault } from './place-problems.ts'
import { checkConversationLanguage, languageKeyHint } from './checks/language-checks.ts'
import { meaningWarnings, type PlacedStage, reservedPathFaults } from './checks/meaning-checks.ts'
import { parseYaml } from './yaml/parse-yaml.ts'
import type { FileText } from './source/read-file.ts'
import { type Path, shorten } from './source/problem.ts'
import { MAX_PLUGIN_NAME } from './schema/stage.ts'
import { MCP_FIELDS, MCP_PLUGIN } from './schema/tools.ts'
import { PipelineSchema, type PipelineConfig } from './schema/pipeline.ts'
import { checkHooks } from './checks/hook-checks.ts'
import { checkForwardings } from './checks/forward-checks.ts'
import { checkPrices } from './checks/history-checks.ts'
import { readBackground } from './sounds/background-sound.ts'
import { readRecordedLines } from './sounds/recorded-lines.ts'
import { type NamedFile, pathsIn, readNamedFiles } from './named-files.ts'
import { readThinkingSound } from './sounds/thinking-sound.ts'
import { withCommentHint } from './checks/cut-texts.ts'
import { trimSecrets } from './checks/secret-checks.ts'
import { createSecretMask } from './findings/show-value.ts'
import type { SourceNode } from './source/source-tree.ts'
import { checkCombination, STEPS } from './checks/stage-combinations.ts'
import {
  checkFiles,
  checkStage,
  placesOf,
  type StageFinding,
  type StageRequest,
} from './checks/stage-checks.ts'
import { checkRedact, WORD_NAME_HINT } from './checks/redact-checks.ts'
import { checkTools } from './checks/tool-checks.ts'
import { checkUpload } from './checks/upload-checks.ts'
import { listOf } from './source/value-shapes.ts'
import { readYamlValue } from './yaml/yaml-value.ts'

/** The work of `loadPipelineText`. */
export async function checkPipelineText(
  file: string,
  read: FileText,
  options: LoadPipelineOptions,
): Promise<LoadPipelineResult> {
  const place = createPlacer(file, read.text)
  if (!read.ok) return place.failure([{ ...read.fault, path: [] }])

  const parsed = parseYaml(read.text)
  if (parsed.document === undefined || parsed.faults.length > 0) {
    return place.failure(parsed.faults.map((fault) => ({ ...fault, path: [] })))
  }
  const {
    value: root,
    source,
    faults,
  } = readYamlValue(parsed.document.contents, options.env, {
    text: read.text,
    lineOf: place.lineOf,
  })
  if (root === null && faults.length === 0) {
    const message = 'the file is empty; start from one of the files in pipelines/'
    return place.failure([{ code: 'KAV_CONFIG_EMPTY', offset: 0, path: [], message }])
  }
  if (typeof root !== 'object' || root === null || Array.isArray(root)) {
    const message = `a pipeline file is a map of stages, found ${Array.isArray(root) ? 'a list' : 'text'}`
    const rootFault = { code: 'KAV_CONFIG_TYPE', offset: source.valueOffset, path: [], message } as const
    return place.failure(faults.some(({ severity }) => severity === undefined) ? faults : [rootFault])
  }
  const foreign = foreignFile(root as Record<string, unknown>)
  if (foreign !== undefined) {
    const at = foreign.key === undefined ? source : (source.children.get(foreign.key) ?? source)
    const { keyOffset: offset } = at
    return place.failure([{ code: 'KAV_CONFIG_TYPE', offset, path: [], message: foreign.message }])
  }
  const checked = await checkRoot(file, root as Record<string, unknown>, source, faults, options, place)
  if (!checked.ok) return checked
  return { ...checked, pipeline: { ...checked.pipeline, version: versionOf(read.text) } }
}

const VERSION_CHARACTERS = 12
/** What another program says of a fault may be as long as what is wrong. */
const MAX_FOREIGN_CHARACTERS = 600

function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, VERSION_CHARACTERS)
}

/** The version is of the text, which is not known further down. */
type CheckedRoot =
  | LoadPipelineFailure
  | (Omit<LoadPipelineSuccess, 'pipeline'> & { readonly pipeline: Omit<LoadedPipeline, 'version'> })

async function checkRoot(
  file: string,
  root: Record<string, unknown>,
  source: SourceNode,
  faults: readonly PlacedFault[],
  options: LoadPipelineOptions,
  place: ReturnType<typeof createPlacer>,
): Promise<CheckedRoot> {
  const baseDir = dirname(resolve(file))
  const trimmed = trimSecrets(root, source)
  const compiled = compileSchema(PipelineSchema)
  if (!compiled.ok) throw new Error(`the pipeline schema does not compile: ${compiled.reason}`)
  const checked = checkValue(PipelineSchema, compiled.check, root, [], source, {
    nounFor: (path, name) =>
      path.length === 0 && PLUGIN_KINDS.some((kind) => kind === name) ? 'stage' : 'field',
    hintFor: fieldHint,
  })
  const found: PlacedFault[] = [...faults]
  for (const finding of trimmed) found.push({ ...place.finding(finding, source), severity: 'warning' })
  for (const finding of checkConversationLanguage(root, source)) found.push(place.finding(finding, source))
  for (const finding of reservedPathFaults(root, options.reservedPaths ?? []))
    found.push(place.finding(finding, source))
  for (const finding of checked.findings) found.push(place.finding(withCommentHint(finding, source), source))
  for (const finding of checkCombination(root)) found.push(place.finding(finding, source))
  const mask = createSecretMask(root, source)
  // Masked as a whole: neither cut before, nor joined to one line.
  const ofOthers = (message: string): string =>
    shorten(mask.foreign(message).replaceAll(/\s+/g, ' '), MAX_FOREIGN_CHARACTERS)
  for (const check of [checkForwardings, checkHooks, checkPrices, checkRedact, checkTools, checkUpload])
    for (const finding of check(checked.value, source))
      found.push(place.finding({ ...finding, message: ofOthers(finding.message) }, source))
  // Before they are used: what is written meanwhile is another content than this.
  const files: NamedFile[] = [...(await readNamedFiles(pathsIn(PipelineSchema, checked.value), baseDir))]
  const { sounds, findings: unheard } = await readSounds(checked.value, baseDir, source)
  for (const finding of unheard) found.push(place.finding(finding, source))

  const stages: PlacedStage[] = []
  const tell = (findings: readonly StageFinding[]): void => {
    for (const finding of findings) {
      const message = finding.foreign ? ofOthers(finding.message) : finding.message
      found.push({ ...place.finding({ ...finding, message }, source), severity: finding.severity })
    }
  }
  for (const request of stageRequests(checked.value, options)) {
    const result = await checkStage(request, options.loader, baseDir, source)
    tell(result.findings)
    if (result.stage === undefined) continue
    stages.push({ path: request.path, stage: result.stage })
    const { plugin, params } = result.stage
    files.push(...(await readNamedFiles(pathsIn(plugin.params, params), baseDir)))
    if (options.files) tell(await checkFiles(result.stage, placesOf(request).params, { baseDir, ...options }))
  }
  for (const finding of meaningWarnings(root, withoutRefusedNumbers(checked), stages, source))
    found.push({ ...place.finding(finding, source), severity: 'warning' })
  const problems = place.problems(found).map((problem) => ({
    ...problem,
    path: mask.own(problem.path),
    message: mask.own(problem.message),
  }))
  const warnings = problems.filter((problem) => problem.severity === 'warning')
  if (problems.length > warnings.length) return { ok: false, problems, files }
  const config = checked.value as PipelineConfig
  return {
    ok: true,
    pipeline: {
      file: resolve(file),
      baseDir,
      config,
      stages: collectStages(stages),
      ...sounds,
      files,
      problemAt: (path, message, code = 'KAV_CONFIG_TOGETHER') =>
        place.problem({ code, path, at: 'value', message }, source),
    },
    warnings,
  }
}

/** What is said of an unknown field of the pipeline's own, where there is something better than the usual. */
function fieldHint(path: Path, name: string): string | undefined {
  if (path[0] === 'languages' && path.length === 1) return languageKeyHint(name)
  if (path.length === 0 && name === 'denoise') return '; it stands inside "stt" (or "vad")'
  if (path[0] === 'redact' && path[1] === 'words') return WORD_NAME_HINT
  return homeHint(path, name)
}

/** What the pipeline itself plays. */
async function readSounds(value: unknown, baseDir: string, source: SourceNode) {
  const recorded = await readRecordedLines(value, baseDir, source)
  const thinking = await readThinkingSound(value, baseDir, source)
  const { background, findings } = await readBackground(value, baseDir, source)
  return {
    sounds: {
      recordedLines: recorded.lines,
      ...(thinking.sound && { thinkingSound: thinking.sound }),
      ...(background && { background }),
    },
    findings: [...recorded.findings, ...thinking.findings, ...findings],
  }
}

/** Every stage that is written well enough to be looked at. */
function stageRequests(value: unknown, options: LoadPipelineOptions): StageRequest[] {
  const config = value as Record<string, unknown>
  const requests: StageRequest[] = []
  const inPlace: readonly string[] = Object.hasOwn(config, 'realtime') ? STEPS : []
  for (const kind of PLUGIN_KINDS) {
    if (kind === 'tool' || kind === 'denoise' || inPlace.includes(kind)) continue
    const written = kind === 'vad' ? (config['vad'] ?? options.defaults?.vad) : config[kind]
    add(kind, [kind], written)
    const fallback = isMap(written) ? written['fallback'] : []
    if (Array.isArray(fallback))
      fallback.forEach((entry, index) => add(kind, [kind, 'fallback', index], entry))
    if ((kind === 'stt' || kind === 'vad') && isMap(written))
      add('denoise', [kind, 'denoise'], written['denoise'])
  }
  const languages = isMap(config['languages']) ? config['languages'] : {}
  for (const [tag, language] of Object.entries(languages)) {
    if (!isMap(language)) continue
    add('stt', ['languages', tag, 'stt'], language['stt'])
    add('tts', ['languages', tag, 'tts'], language['tts'])
  }
  const tools = isMap(config['tools']) ? config['tools'] : {}
  listOf(tools['plugins']).forEach((entry, index) => add('tool', ['tools', 'plugins', index], entry))
  listOf(tools['mcp']).forEach((entry, index) => addMcp(['tools', 'mcp', index], entry))
  function add(kind: StageRequest['kind'], path: StageRequest['path'], stage: unknown): void {
    if (!isMap(stage)) return
    const { plugin, params = {} } = stage
    if (typeof plugin !== 'string' || plugin === '' || plugin.length > MAX_PLUGIN_NAME) return
    requests.push({ kind, path, plugin, params: isMap(params) ? params : undefined })
  }
  function addMcp(path: StageRequest['path'], entry: unknown): void {
    if (!isMap(entry)) return
    const params = Object.fromEntries(Object.entries(entry).filter(([name]) => !MCP_FIELDS.includes(name)))
    requests.push({ kind: 'tool', path, plugin: MCP_PLUGIN, params, among: MCP_FIELDS })
  }
  return requests
}

/** Only called when no stage had an error, so each required one is there. */
function collectStages(placed: readonly PlacedStage[]): LoadedStages {
  const of = (kind: string) =>
    placed
      .filter(({ path, stage }) => stage.kind === kind && path[0] !== 'languages')
      .map(({ stage }) => stage)
  const [transport] = of('transport')
  const [vad] = of('vad')
  const [turn] = of('turn')
  const [realtime] = of('realtime')
  const [store] = of('store')
  const [sttDenoise, vadDenoise] = ['stt', 'vad'].map((before) =>
    of('denoise').find(({ path }) => path[0] === before),
  )
  const languages = new Map<string, Record<string, LoadedStage>>()
  for (const { path, stage } of placed) {
    if (path[0] !== 'languages') continue
    const tag = String(path[1])
    languages.set(tag, { ...languages.get(tag), [stage.kind]: stage })
  }
  const lists = { stt: of('stt'), llm: of('llm'), tts: of('tts'), tools: of('tool'), languages }
  const single = {
    ...(vad && { vad }),
    ...(turn && { turn }),
    ...(sttDenoise && { sttDenoise }),
    ...(vadDenoise && { vadDenoise }),
    ...(realtime && { realtime }),
    ...(store && { store }),
  }
  return { transport, ...lists, ...single } as unknown as LoadedStages
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
