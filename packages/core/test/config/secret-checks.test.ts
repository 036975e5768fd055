import { describe, expect, it } from 'vitest'
import { secretWarnings } from '../../src/config/checks/secret-checks.ts'
import { readText } from './read-text.ts'

function warned(text: string, env: Readonly<Record<string, string>> = {}): readonly string[] {
  const { value, source } = readText(text, env)
  return secretWarnings(value, source, () => false).map(({ path, message }) => `${path.join('.')} ${message}`)
}

describe('a secret that stands in the file', () => {
  it.each([
    ['api_key: plain-secret-00000001', 'api_key', 'API_KEY'],
    ['"x-api-key": plain-secret-00000001', 'x-api-key', 'X_API_KEY'],
    ['api_keys: [sk-proj-abcdefghij1234567890XYZ]', 'api_keys.0', 'API_KEYS'],
    ['2nd_token: plain-secret-00000001', '2nd_token', '_2ND_TOKEN'],
    ['token: "${OTHER:-plain-secret-00000001}"', 'token', 'OTHER'],
  ])('is told with a variable that can be: %s', (param, path, name) => {
    expect(warned(`stt: { params: { ${param} } }`)).toEqual([
      `stt.params.${path} a secret is written in the file; keep it in the environment, and write "\${${name}}"`,
    ])
  })
})
