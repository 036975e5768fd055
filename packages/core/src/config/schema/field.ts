import { Type, type TString, type TUnsafe } from '@sinclair/typebox'

interface FieldOptions {
  readonly description: string
  readonly default?: unknown
}

/** One of a few words. Written as `enum`, which editors complete and problems list. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  options: FieldOptions & { readonly default?: Word },
): TUnsafe<Word> {
  return Type.Unsafe<Word>({ type: 'string', enum: [...words], ...options })
}

/** Where a caller may be put through to. */
export function phoneTarget(description: string): TString {
  return Type.String({ description, pattern: '^(\\+[1-9][0-9]{1,14}|sips?:[^\\s@]+@[^\\s@]+)$' })
}

/**
 * `format` of a text that is the path of a file, from the place of the pipeline file, whose content a running pipeline
 * has read once: when it changes, the pipeline is made anew. Files that a provider itself reads again have none, nor
 * those that are written.
 */
export const FILE_PATH = 'file-path'

/** A file that is read once, when the pipeline is. */
export function filePath(description: string): TString {
  return Type.String({ description, format: FILE_PATH, minLength: 1, maxLength: 1000 })
}

/** Unknown keys are errors everywhere; a map that is left out is filled with its defaults. */
export const CLOSED = { additionalProperties: false } as const
export const CLOSED_WITH_DEFAULTS = { additionalProperties: false, default: {} } as const
