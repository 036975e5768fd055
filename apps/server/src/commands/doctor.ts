import type { LiveFinding, PluginContext } from '@kav/core'
import {
  createProviders,
  deafRecognisers,
  formatProblems,
  type LoadedPipeline,
  tryProviders,
} from '@kav/core/host'
import { finding, settleWithin } from '@kav/core/kit'
import { askStage } from '../doctor/ask-stage.ts'
import { at, type DoctorFinding } from '../doctor/doctor-finding.ts'
import { storeFindings } from '../doctor/call-store.ts'
import { collectorFindings } from '../doctor/collector.ts'
import { hookFindings } from '../doctor/hook-places.ts'
import { machineFindings, readMachine } from '../doctor/machine.ts'
import { recordDirFindings } from '../doctor/own-files.ts'
import { portFindings } from '../doctor/own-port.ts'
import { linesOf, summaryOf } from '../doctor/print-findings.ts'
import { uploadFindings } from '../doctor/recording-place.ts'
import { stagesOf } from '../doctor/stages-of.ts'
import { adminPortOf, type ProcessSettings } from '../environment.ts'
import type { EnvFile } from '../env-file.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { openPipeline } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { hasTracesPackage } from '../traces/open-traces.ts'
import { createProblem } from '../service/create-problem.ts'
import { systemClock } from '../system-clock.ts'

export interface DoctorOptions {
  readonly json?: boolean
  /** Ask nobody outside this machine. */
  readonly offline?: boolean
  readonly envFile?: EnvFile | undefined
}

/** A recogniser that listens for phrases opens with none; those of a scripted model are not known here. */
const SOME_WORD = 'one'
const CLOSE_LIMIT_MS = 1000

/**
 * `kav doctor`: everything that may be wrong before the first call, asked for real, with what to do about it. Exit
 * code 0 when there is no error, 1 when there is one; a file that is wrong is exit code 2, as with `validate`.
 */
export async function doctor(
  file: string,
  options: DoctorOptions,
  settings: ProcessSettings,
  print: (line: string) => void,
): Promise<number> {
  const { pipeline, warnings } = await openPipeline(file, settings.env, createServerLoader(), { files: true })
  const found: DoctorFinding[] = []
  const tell = (findings: readonly DoctorFinding[]): void => {
    found.push(...findings)
    if (!options.json) for (const line of linesOf(findings)) print(line)
  }
  tell(fileFindings(file, warnings, options.envFile))
  tell(await aboutHearing(pipeline))
  if (options.offline) tell(await aboutMaking(pipeline))
  // The machine by itself: what is done for the providers would count as its lateness.
  tell(await aboutMachine(pipeline, settings))
  // All are asked at once, and told in the order of the file.
  for (const provider of options.offline ? [] : aboutProviders(pipeline)) tell(await provider)
  if (!options.offline) {
    for (const place of afterCalls(pipeline)) tell(await place)
    const asked = collectorFindings(settings.traces, settings.env, hasTracesPackage)
    tell((await asked).map(at('traces')))
  }
  const errors = found.filter(({ level }) => level === 'error').length
  if (options.json) print(JSON.stringify({ passed: errors === 0, findings: found }, null, 2))
  else print(`\n${summaryOf(found)}`)
  return errors > 0 ? 1 : 0
}

function fileFindings(
  file: string,
  warnings: string,
  envFile: EnvFile | undefined,
): readonly DoctorFinding[] {
  const read = envFile === undefined ? [] : [finding.ok('.env was read')]
  const doubts = warnings.split('\n').filter((line) => line !== '')
  return [
    finding.ok(`${file} is right`),
    ...read,
    ...doubts.map((line) => finding.warning(line, 'Follow the message, or leave it when it is meant so.')),
  ].map(at('file'))
}

async function aboutMachine(
  pipeline: LoadedPipeline,
  settings: ProcessSettings,
): Promise<readonly DoctorFinding[]> {
  const adminPort = adminPortOf(settings.adminPort, settings.port)
  const admin = adminPort === undefined ? undefined : { port: adminPort, host: settings.adminHost }
  const [machine, records, ports] = await Promise.all([
    readMachine(),
    recordDirFindings(pipeline.config.record.dir),
    portFindings(settings.port, admin),
  ])
  return [...machineFindings(machine, pipeline, settings.workers), ...ports, ...records].map(at('machine'))
}

/** Where providers are asked, one that cannot be made is told there. */
async function aboutMaking(pipeline: LoadedPipeline): Promise<readonly DoctorFinding[]> {
  const { refused } = await tryProviders(pipeline.stages, silentContext(pipeline))
  return refused.map((error) =>
    at('file')(
      finding.error(formatProblems([createProblem(pipeline, error)]), 'Correct what the message names.'),
    ),
  )
}

/** What the recognisers are given to listen for, as `kav validate` and `kav serve` look at it. */
async function aboutHearing(pipeline: LoadedPipeline): Promise<readonly DoctorFinding[]> {
  // One that cannot be made is told by itself.
  const providers = await createProviders(pipeline.stages, () => silentContext(pipeline)).catch(
    () => undefined,
  )
  if (!providers) return []
  const deaf = deafRecognisers(pipeline, providers).map((error) => createProblem(pipeline, error))
  await settleWithin(systemClock, CLOSE_LIMIT_MS, providers.close())
  return deaf.map((problem) =>
    at('stt')(finding.error(formatProblems([problem]), 'Give it phrases, as the message says.')),
  )
}

/** What providers log while they are asked is in the findings. */
function silentContext({ baseDir }: LoadedPipeline): PluginContext {
  const log = createLogger({ level: 'silent', private: true, pretty: false })
  return { log, metrics: createMetrics(log).metrics, clock: systemClock, baseDir }
}

/** Where calls and what is left of them go. */
function afterCalls(pipeline: LoadedPipeline): readonly Promise<readonly DoctorFinding[]>[] {
  const { config, stages } = pipeline
  const told = async (place: string, findings: Promise<readonly LiveFinding[]>) =>
    (await findings).map(at(place))
  return [
    told('store', storeFindings(stages.store, silentContext(pipeline))),
    told('record.upload', uploadFindings(config.record)),
    told('hooks', hookFindings(config.hooks)),
  ]
}

function aboutProviders(pipeline: LoadedPipeline): readonly Promise<readonly DoctorFinding[]>[] {
  const { config, stages } = pipeline
  const context = silentContext(pipeline)
  const hints = [...config.conversation.hints, SOME_WORD]
  return stagesOf(stages).map((named) => askStage(named, context, hints))
}
