import { parseYaml } from '../../src/config/yaml/parse-yaml.ts'
import { readYamlValue, type YamlValue } from '../../src/config/yaml/yaml-value.ts'

/** A text without faults of syntax as values and their places. */
export function readText(text: string, env: Readonly<Record<string, string>> = {}): YamlValue {
  const { document, faults } = parseYaml(text)
  if (document === undefined || faults.length > 0) throw new Error(faults[0]?.message)
  return readYamlValue(document.contents, env, { text, lineOf: () => 1 })
}
