import type { LoadedStage, LoadedStages } from '@kav/core/host'
import type { NamedStage } from './ask-stage.ts'

/** Every stage that is somebody else's, in the order of the file; fallbacks are numbered, languages tagged. */
export function stagesOf(stages: LoadedStages): readonly NamedStage[] {
  const numbered = (of: readonly LoadedStage[]) =>
    of.map((stage, index) => ({ stage, place: placeOf(stage, index === 0 ? '' : ` (fallback ${index})`) }))
  const tagged = [...stages.languages].flatMap(([tag, { stt, tts }]) =>
    [stt, tts].flatMap((stage) => (stage ? [{ stage, place: placeOf(stage, ` (${tag})`) }] : [])),
  )
  const { realtime, vad, vadDenoise, turn, store } = stages
  const single = [realtime, vad, vadDenoise, turn, store].flatMap((stage) => stage ?? [])
  return [
    ...numbered([stages.transport]),
    ...numbered(stages.stt),
    ...numbered([stages.sttDenoise ?? []].flat()),
    ...numbered(stages.llm),
    ...numbered(stages.tts),
    ...single.map((stage) => ({ stage, place: placeOf(stage, '') })),
    ...tagged,
    ...stages.tools.map((stage) => ({ stage, place: placeOf(stage, '') })),
  ]
}

function placeOf({ kind, plugin }: LoadedStage, which: string): string {
  return `${kind} ${plugin.name}${which}`
}
