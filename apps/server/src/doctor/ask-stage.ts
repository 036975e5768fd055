import type { LiveFinding, PluginContext } from '@kav/core'
import type { LoadedStage } from '@kav/core/host'
import { withDeadline } from '@kav/core/kit'
import type { DoctorFinding } from './doctor-finding.ts'
import { at } from './doctor-finding.ts'
import { faultFinding } from './provider-faults.ts'
import { tryProvider } from './try-provider.ts'

/** Half a minute is what a check may take by its contract. */
const CHECK_LIMIT_MS = 35_000

export interface NamedStage {
  readonly stage: LoadedStage
  /** `tts azure-tts`, and the language where the stage is one language's. */
  readonly place: string
}

/**
 * What the provider of a stage says of its params, whether it can be reached from outside, and whether it works. It is
 * not tried when something was wrong before: that would only say so again. Never rejects, whatever the plugin does.
 */
export async function askStage(
  { stage, place }: NamedStage,
  context: PluginContext,
  hints: readonly string[],
): Promise<readonly DoctorFinding[]> {
  const { plugin, params } = stage
  const about = at(place)
  const ask = async (
    doing: string,
    check: ((params: never, context: PluginContext) => Promise<readonly LiveFinding[]>) | undefined,
  ): Promise<readonly LiveFinding[]> => {
    if (check === undefined) return []
    try {
      const asked = Promise.resolve().then(() => check(params as never, context))
      const found: unknown = await withDeadline(context.clock, CHECK_LIMIT_MS, doing, asked)
      if (!isFindings(found)) throw new TypeError('the plugin returned what are no findings')
      return found
    } catch (thrown) {
      return [faultFinding(thrown, doing)]
    }
  }
  const said = await ask('asking the provider', plugin.liveCheck?.bind(plugin))
  const reached = await ask('coming in from outside', plugin.reachCheck?.bind(plugin))
  const found = [...said, ...reached].map(about)
  if (found.some(({ level }) => level === 'error')) return found
  const tried = await tryProvider(stage, context, hints)
  return [...found, ...tried.map(({ found: one, tookMs }) => ({ ...about(one), tookMs }))]
}

/** A plugin of somebody's own may return anything. */
function isFindings(value: unknown): value is readonly LiveFinding[] {
  return Array.isArray(value) && value.every((one: unknown) => isFinding(one))
}

function isFinding(value: unknown): value is LiveFinding {
  if (typeof value !== 'object' || value === null) return false
  const { level, message, fix = '' } = value as Partial<Record<keyof LiveFinding, unknown>>
  return (
    (level === 'ok' || level === 'warning' || level === 'error') &&
    typeof message === 'string' &&
    typeof fix === 'string'
  )
}
