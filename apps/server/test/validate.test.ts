import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { validate } from '../src/commands/validate.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-validate-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const HEX = '0123456789abcdef0123456789abcdef'
const ENV = { TOKEN: HEX, SID: `AC${HEX}`, URL: 'https://voice.example.com' }

async function said(
  params: string,
  more = '',
  env: Record<string, string> = ENV,
  llm = '@kav/plugin-openai',
  stt = 'stt: { plugin: "@kav/plugin-local", params: { hints: [a table] } }',
) {
  const file = join(dir, 'desk.yaml')
  const twilio = 'auth_token: "${TOKEN}", account_sid: "${SID}", public_url: "${URL}"'
  writeFileSync(
    file,
    [
      'version: 1',
      'name: desk',
      `transport: { plugin: "@kav/plugin-twilio", params: { ${twilio}${params} } }`,
      stt,
      `llm: { plugin: "${llm}", params: { base_url: "http://127.0.0.1:9/v1" } }`,
      'tts: { plugin: "@kav/plugin-google-tts", params: { language: en-US, credentials: "${KEY:-}" } }',
      more,
    ].join('\n'),
  )
  const lines: string[] = []
  const exitCode = await validate([file], {}, env, (line) => lines.push(line))
  return { exitCode, text: lines.join('\n').replaceAll(`${dir}/`, '') }
}

it('refuses a recogniser that hears hints alone where nothing gives it any, at its line', async () => {
  const bare = 'stt: { plugin: "@kav/plugin-local" }'
  const { exitCode, text } = await said('', '', ENV, undefined, bare)
  expect(exitCode).toBe(2)
  expect(text).toMatch(/^desk.yaml:4:\d+ .*stt.plugin: plugin "pocketsphinx" .*conversation.hints/m)
  // The conversation's own do.
  expect((await said('', 'conversation: { hints: [a table] }', ENV, undefined, bare)).exitCode).toBe(0)
})

it('warns of a text that uses what before_call alone gives', async () => {
  const hook =
    'hooks: { before_call: { url: "https://crm.example.com/a", secret: "0123456789abcdef0123", values: [first_name] } }'
  const greeted = `${hook}\nconversation: { greeting: "Hello {{first_name}}" }`
  expect((await said('', greeted)).text).toMatch(
    /warning: conversation\.greeting: \{\{first_name\}\} is empty in calls of which before_call does not say it; .*stream_parameters/,
  )
  const given = ', stream_parameters: { first_name: there }'
  expect((await said(given, greeted)).text).not.toMatch(/first_name/)
})

it('has nothing to say about what is right', async () => {
  expect(await said('')).toEqual({ exitCode: 0, text: 'desk.yaml: ok' })
})

it.each<[string, string, Record<string, string>, string]>([
  ['an empty auth token', '', { ...ENV, TOKEN: '' }, 'transport.params.auth_token: missing: signatures'],
  [
    'quotes with nothing inside',
    '',
    { ...ENV, TOKEN: '""' },
    'transport.params.auth_token: missing: signatures',
  ],
  [
    'a path of the server',
    ', voice_path: /healthz',
    ENV,
    'voice_path: "/healthz" is answered by the server itself',
  ],
  ['equal paths', ', status_path: /twilio/voice', ENV, 'status_path: is the same as voice_path'],
  [
    'a key file that is not there',
    '',
    { ...ENV, KEY: './none.json' },
    'credentials: the key file cannot be read',
  ],
  ['a key that is none', '', { ...ENV, KEY: '{"type":"x' }, 'credentials: neither a path nor the JSON'],
  [
    'a key that was cut off',
    '',
    { ...ENV, KEY: '{"client_email":"a@b.c","private_key":"-----BEGIN PRIVATE KEY-----\\nMIIE"}' },
    'credentials: private_key is no key that can be read',
  ],
])('refuses %s', async (_, params, env, expected) => {
  const { exitCode, text } = await said(params, '', env)
  expect(text).toContain(expected)
  expect(text).not.toContain('MIIE')
  expect(exitCode).toBe(2)
})

it('takes a word that a plugin offers for no secret, whatever its field is called', async () => {
  const { exitCode, text } = await said(', stream_token: optional')
  expect({ exitCode, text }).toEqual({ exitCode: 0, text: expect.not.stringContaining('stream_token') })
  const guarded = await said(', stream_token: optional, validate_signature: webhook')
  expect(guarded.exitCode).toBe(2)
  expect(guarded.text).toContain('validate_signature: webhook leaves the upgrade unchecked')
  expect(guarded.text).not.toContain('placeholder')
})

it('warns of a variable that Twilio does not give, and takes those it gives', async () => {
  const { exitCode, text } = await said(
    ', stream_parameters: { lead: "" }',
    'conversation: { greeting: "{{from}} {{lead}} {{answered_by}} {{now}} {{form}}" }',
  )
  expect(exitCode).toBe(0)
  expect(text.split('\n')[0]).toBe(
    'desk.yaml:7:27 warning: conversation.greeting: no call is known to have a value for {{form}}, it would be empty; did you mean {{from}}?',
  )
  expect(text).toContain('ok, 1 warning(s)')
})

it('warns of what the providers of these params do not do', async () => {
  const { exitCode, text } = await said('', 'conversation: { turns: { by: stt } }')
  expect(text).toContain('conversation.turns.by: stt: "pocketsphinx" does not judge turns')
  expect(text).toContain('ok, 1 warning(s)')
  expect(exitCode).toBe(0)
})

it('warns of a method of a provider that nobody will call', async () => {
  const params = "{ type: 'object', properties: { base_url: { type: 'string' } } }"
  const create = '() => ({ async *reply() {}, async prewarm() {}, async close() {} })'
  writeFileSync(
    join(dir, 'model.mjs'),
    `export default { kind: 'llm', name: 'model', description: '', params: ${params}, create: ${create} }\n`,
  )
  const { exitCode, text } = await said('', '', ENV, './model.mjs')
  expect(text).toBe(
    'desk.yaml:5:16 warning: llm.plugin: plugin "model": the provider has "prewarm", which llm does not know; did you mean "warm"?\n' +
      'desk.yaml: ok, 1 warning(s)',
  )
  expect(exitCode).toBe(0)
})
