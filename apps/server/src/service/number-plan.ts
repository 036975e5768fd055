import type { LoadedPipeline, PipelineConfig, Problem } from '@kav/core/host'

/** What says which calls a pipeline answers. */
export type Answering = Pick<PipelineConfig, 'numbers' | 'default'>

/**
 * Which of the pipelines behind one transport answers a called number: the one that names it, else the one that is
 * `default`. One that stands alone and names no numbers answers all.
 */
export class NumberPlan<T> {
  readonly #byNumber = new Map<string, T>()
  readonly #others: T | undefined

  constructor(members: readonly (readonly [Answering, T])[]) {
    for (const [{ numbers = [] }, member] of members)
      for (const number of numbers) this.#byNumber.set(plain(number), member)
    const others = members.find(([answering]) => answersOthers(answering, members.length === 1))
    this.#others = others?.[1]
  }

  /** @param called as the carrier writes it. `undefined`: nobody answers it. */
  memberFor(called: string | undefined): T | undefined {
    return (called === undefined ? undefined : this.#byNumber.get(plain(called))) ?? this.#others
  }
}

function answersOthers({ numbers, default: isDefault }: Answering, isAlone: boolean): boolean {
  return isDefault || (isAlone && numbers === undefined)
}

/** `tel:+1 (555) 0100` and `+15550100`, `SIP:Desk@host;user=phone` and `sip:desk@host` are the same. */
function plain(number: string): string {
  const text = number.trim().toLowerCase()
  if (/^sips?:/.test(text)) return text.split(';', 1)[0]!
  return text.replace(/^tel:/, '').replace(/[\s().-]/g, '')
}

/** Why pipelines behind one transport cannot be told apart, each at its place. */
export function numberProblems(pipelines: readonly LoadedPipeline[]): readonly Problem[] {
  if (pipelines.length < 2) return []
  const answeredBy = new Map<string, LoadedPipeline>()
  let others: LoadedPipeline | undefined
  return pipelines.flatMap((pipeline): Problem[] => {
    const { numbers, default: isDefault } = pipeline.config
    const found: Problem[] = []
    if (numbers === undefined && !isDefault) found.push(unreachable(pipeline, pipelines))
    for (const [index, number] of (numbers ?? []).entries()) {
      const other = answeredBy.get(plain(number))
      if (other === undefined) answeredBy.set(plain(number), pipeline)
      else if (other !== pipeline)
        found.push(
          pipeline.problemAt(['numbers', index], `"${number}" is also answered by ${calledOf(other)}`),
        )
    }
    if (!isDefault) return found
    if (others !== undefined)
      found.push(
        pipeline.problemAt(['default'], `${calledOf(others)} is the default of this transport already`),
      )
    others ??= pipeline
    return found
  })
}

function unreachable(pipeline: LoadedPipeline, all: readonly LoadedPipeline[]): Problem {
  const other = all.find((one) => one !== pipeline)!
  const message = `${calledOf(other)} has the same transport: write which numbers this one answers (numbers: ["+15551234567"]), or default: true`
  return pipeline.problemAt(['transport'], message)
}

export function calledOf({ config, file }: LoadedPipeline): string {
  return `"${config.name}" (${file})`
}
