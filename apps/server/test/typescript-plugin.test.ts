import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const KAV = fileURLToPath(new URL('../bin/kav.js', import.meta.url))
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url))

const FILES = {
  'voice.ts': `import type { Wire } from './wire.ts'
import { wire } from './wire.ts'
interface Params { readonly voice: string }
export default {
  kind: 'tts', name: 'typed', description: '',
  params: { type: 'object', properties: { voice: { type: 'string', default: 'anna' } } },
  create(params: Params) { const used: Wire = wire; throw new Error(\`\${params.voice} over \${used}\`) },
}
`,
  'wire.ts': "export type Wire = 'http'\n\n\nexport const wire: Wire = 'http'\n",
  'compiled.ts': "import { wire } from './wire.js'\nexport default { kind: 'tts', name: wire }\n",
  'odd.ts': "const a: string = 'a'\nexport default { kind: 'tts' name: a }\n",
}

const pipeline = (voice: string): string => `version: 1
name: desk
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false, public_url: "https://x.example" } }
stt: { plugin: "@kav/plugin-local" }
llm: { plugin: "@kav/plugin-openai", params: { base_url: "http://127.0.0.1:9/v1" } }
tts: { plugin: "${voice}" }
`

let folder: string
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'kav-typed-')))
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'typed.yaml'), pipeline('./voice.ts'))
  writeFileSync(join(folder, 'odd.yaml'), pipeline('./odd.ts'))
  writeFileSync(join(folder, 'compiled.yaml'), pipeline('./compiled.ts'))
  mkdirSync(join(folder, 'bare'))
  writeFileSync(join(folder, 'bare/voice.ts'), FILES['voice.ts'])
  writeFileSync(join(folder, 'bare/wire.ts'), FILES['wire.ts'])
  writeFileSync(join(folder, 'bare/typed.yaml'), pipeline('./voice.ts'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A process of its own: what has Node.js read TypeScript holds for the whole process. */
async function validated(...files: string[]): Promise<string> {
  const paths = files.map((file) => join(folder, file))
  const ran = promisify(execFile)(process.execPath, [KAV, 'validate', ...paths], { cwd: folder })
  const { stdout } = (await ran.catch((error: unknown) => error)) as { stdout: string }
  return stdout.replaceAll(`${folder}/`, '')
}

const strips = Boolean((process.features as { readonly typescript?: unknown }).typescript)

it('a plugin in TypeScript runs as it is written, with the files that it imports and the lines of its source', async () => {
  if (!strips)
    expect(await validated('bare/typed.yaml')).toContain(
      'npm install --save-dev typescript, or use Node.js 22.18',
    )
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(MODULES, 'typescript'), join(folder, 'node_modules/typescript'))
  const said = await validated('typed.yaml', 'odd.yaml', 'compiled.yaml')
  expect(said).toMatch(
    /^typed\.yaml:6:16 tts\.plugin: plugin "typed" \(\.\/voice\.ts\) could not be made: anna over http \(at voice\.ts:7:\d+\)$/m,
  )
  expect(said).toMatch(
    /^odd\.yaml:6:16 tts\.plugin: "\.\/odd\.ts" cannot be read by Node\.js: .*\(at odd\.ts:2/m,
  )
  expect(said).toContain(
    'imports wire.js, which is not there (from compiled.ts); wire.ts is: TypeScript runs here',
  )
})
