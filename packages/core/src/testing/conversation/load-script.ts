import { checkValue } from '../../config/findings/check-value.ts'
import { compileSchema } from '../../config/findings/compile-schema.ts'
import { parseYaml } from '../../config/yaml/parse-yaml.ts'
import { createPlacer, type PlacedFault } from '../../config/place-problems.ts'
import { formatProblems } from '../../config/source/problem.ts'
import { readFileText } from '../../config/source/read-file.ts'
import { readYamlValue } from '../../config/yaml/yaml-value.ts'
import { KavError } from '../../contracts/errors.ts'
import { judgeScript } from './judge-script.ts'
import { type ConversationScript, ScriptSchema } from './script-schema.ts'

/** A script is wrong; the message holds every problem as `file:line:column path: text`. */
export class ScriptProblems extends KavError {
  constructor(problems: string) {
    super('KAV_CONVERSATION_SCRIPT', problems)
  }
}

/** Reads one scripted conversation. Rejects with `ScriptProblems`. */
export async function loadConversationScript(file: string): Promise<ConversationScript> {
  const read = await readFileText(file)
  const place = createPlacer(file, read.text)
  const fail = (faults: readonly PlacedFault[]): never => {
    throw new ScriptProblems(formatProblems(place.failure(faults).problems))
  }
  if (!read.ok) return fail([{ ...read.fault, path: [] }])
  const parsed = parseYaml(read.text)
  if (parsed.document === undefined || parsed.faults.length > 0) {
    return fail(parsed.faults.map((fault) => ({ ...fault, path: [] })))
  }
  const { value, source, faults } = readYamlValue(
    parsed.document.contents,
    {},
    { text: read.text, lineOf: place.lineOf },
  )
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail([
      { code: 'KAV_CONFIG_TYPE', offset: 0, path: [], message: 'a script is a map with name and steps' },
    ])
  }
  const compiled = compileSchema(ScriptSchema)
  if (!compiled.ok) throw new Error(`the script schema does not compile: ${compiled.reason}`)
  const checked = checkValue(ScriptSchema, compiled.check, value, [], source)
  const findings = [...checked.findings, ...judgeScript(value)]
  const found = [...faults, ...findings.map((finding) => place.finding(finding, source))]
  if (found.length > 0) return fail(found)
  return checked.value as ConversationScript
}
