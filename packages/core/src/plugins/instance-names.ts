import type { LoadedStage, LoadedStages } from './loaded-stages.ts'

/**
 * The name of each provider in events, metrics, logs and errors: the plugin's own for the first of a kind; a further
 * one of the same plugin is numbered as a fallback (`openai-llm#2`), and tagged as a language's (`azure-tts:he-IL`).
 * The same file gives the same names; changing a model or a voice changes none.
 */
export function nameInstances(stages: LoadedStages): ReadonlyMap<LoadedStage, string> {
  const names = new Map<LoadedStage, string>()
  const taken = new Set<string>()

  function give(stage: LoadedStage, name: string): void {
    names.set(stage, name)
    taken.add(`${stage.kind} ${name}`)
  }
  const isTaken = (stage: LoadedStage, name: string): boolean => taken.has(`${stage.kind} ${name}`)

  for (const stage of [...stages.stt, ...stages.llm, ...stages.tts]) {
    const { name } = stage.plugin
    let number = 1
    while (isTaken(stage, numbered(name, number))) number++
    give(stage, numbered(name, number))
  }
  for (const [tag, { stt, tts }] of stages.languages) {
    for (const stage of [stt, tts]) {
      if (!stage) continue
      const { name } = stage.plugin
      give(stage, isTaken(stage, name) ? `${name}:${tag}` : name)
    }
  }
  return names
}

function numbered(name: string, number: number): string {
  return number === 1 ? name : `${name}#${number}`
}
