/** What a language model writes, told apart: words, thoughts, tokens of its template, tool calls. */
export { createModelText, type ModelText } from './model-text.ts'
export type { TextPiece, WithheldText } from './text-output.ts'
export { soundsLikeThought } from './sounds-like-thought.ts'
export { callsInJson } from './calls/written-calls.ts'
export { readPythonValue } from './calls/pythonic-calls.ts'
