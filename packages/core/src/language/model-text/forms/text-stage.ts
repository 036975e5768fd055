/** Reads a model's text as it comes, and gives it on in another form. */
export interface TextStage {
  push(text: string): string
  /** What was kept back. */
  end(): string
}

/** Each reads what the one before it gives. */
export function stagesInOrder(stages: readonly TextStage[]): TextStage {
  return {
    push: (text) => stages.reduce((given, stage) => stage.push(given), text),
    end: () => stages.reduce((given, stage) => stage.push(given) + stage.end(), ''),
  }
}
