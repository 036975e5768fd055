import type { ErrorCode } from '../../errors.ts'
import { editDistance, plainName } from '../../kit/did-you-mean.ts'

/** Where a value came from, when it did not come from the file alone. */
export interface EnvOrigin {
  readonly names: readonly string[]
  /** The text is one `${NAME}` and nothing else, so that it may stand for a number or true/false. */
  readonly whole: boolean
  /** A variable was missing or the syntax wrong: the value is not known and must not be judged. */
  readonly broken: boolean
  /** What the file itself has of the text: a character that is in no name stands for each variable. */
  readonly written: string
  /** The defaults that the file gives, used or not. */
  readonly presets: readonly string[]
}

export interface EnvFault {
  readonly code: ErrorCode
  readonly message: string
}

export interface EnvText {
  readonly text: string
  readonly origin: EnvOrigin | undefined
  readonly faults: readonly EnvFault[]
}

export type Environment = Readonly<Record<string, string | undefined>>

const PLACE = /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]{0,127})(?::-([^{}]*))?\})?/g
const WHOLE = /^\$\{[A-Za-z_][A-Za-z0-9_]{0,127}(?::-[^{}]*)?\}$/

/**
 * Puts the environment into one text: `${NAME}`, and `${NAME:-default}` for a variable that is unset or empty.
 * `$${` stands for `${`. What comes out of a variable is not expanded again.
 */
export function substituteEnv(source: string, env: Environment): EnvText {
  if (!source.includes('${')) return { text: source, origin: undefined, faults: [] }
  const names = new Set<string>()
  const missing = new Set<string>()
  const presets: string[] = []
  let isMalformed = false
  const text = source.replace(PLACE, (place, name: string | undefined, preset: string | undefined) => {
    if (place === '$${') return '${'
    if (name === undefined) {
      isMalformed = true
      return ''
    }
    names.add(name)
    if (preset !== undefined && preset !== '') presets.push(preset)
    const value = Object.hasOwn(env, name) ? env[name] : undefined
    if (preset !== undefined && (value === undefined || value === '')) return preset
    if (value === undefined) missing.add(name)
    return value ?? ''
  })
  const faults = [...missing].map((name) => missingVariable(name, env))
  if (isMalformed) faults.push(MALFORMED)
  if (names.size === 0 && !isMalformed) return { text, origin: undefined, faults }
  const written = source.replace(PLACE, (place) => (place === '$${' ? '${' : '\ufffc'))
  const origin = { names: [...names], whole: WHOLE.test(source), broken: faults.length > 0, written, presets }
  return { text, origin, faults }
}

const MALFORMED: EnvFault = {
  code: 'KAV_CONFIG_ENV_SYNTAX',
  message:
    'after "${" a variable name and "}" must follow, as in "${NAME}" or "${NAME:-default}"; ' +
    'write "$${" for the characters themselves',
}

function missingVariable(name: string, env: Environment): EnvFault {
  const written = plainName(name)
  const near = (other: string): boolean => editDistance(written, plainName(other)) <= 1
  const meant = name.length > 3 ? Object.keys(env).find(near) : undefined
  const isSmall = name === name.toLowerCase()
  const hint =
    meant !== undefined
      ? `set it; did you mean "\${${meant}}", which is?`
      : isSmall
        ? `set it; a value of the call is written "{{${name}}}"`
        : `set it, or write "\${${name}:-default}"`
  return { code: 'KAV_CONFIG_ENV_MISSING', message: `environment variable ${name} is not set; ${hint}` }
}

/** A text as YAML 1.2 core reads a plain scalar: a number, true/false, or the text itself. */
export function parseCoreScalar(text: string): string | number | boolean {
  if (/^(true|True|TRUE)$/.test(text)) return true
  if (/^(false|False|FALSE)$/.test(text)) return false
  if (/^0o[0-7]+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return Number(text)
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return Number(text)
  return text
}
