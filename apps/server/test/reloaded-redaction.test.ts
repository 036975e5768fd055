import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { serveProcess, type ServedProcess } from './served-process.ts'

const ECHO = fileURLToPath(new URL('fixtures/echo-plugins.mjs', import.meta.url))
const CARD = '4111 1111 1111 1111'
const LIMIT_MS = 240_000

let dir = ''
let server: ServedProcess | undefined
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kav-redacted-'))
  // Within the folder of the pipeline: who prints is known by where its code stands.
  writeFileSync(
    join(dir, 'printing.mjs'),
    `import plugins from ${JSON.stringify(pathToFileURL(ECHO).href)}
export default plugins.map((plugin) => ({
  ...plugin,
  create(...given) {
    if (plugin.kind === 'llm') console.log('card ${CARD}')
    return plugin.create(...given)
  },
}))
`,
  )
})
afterEach(() => server?.remove())

function write(redact: string): string {
  const file = join(dir, 'desk.yaml')
  writeFileSync(
    file,
    `version: 1
name: desk
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false } }
${['stt', 'llm', 'tts'].map((kind) => `${kind}: { plugin: ./printing.mjs }`).join('\n')}
conversation: { greeting: Hello. }
redact: ${redact}
`,
  )
  return file
}

const printed = (): readonly string[] =>
  server!.lines.map((line) => JSON.stringify(line)).filter((line) => line.includes('card '))

it.each(['1', '2'])(
  'what plugins print is redacted by the files as they are now, in a service of %s processes',
  async (workers) => {
    server = await serveProcess(write('off'), { KAV_WORKERS: workers }, dir)
    await expect.poll(printed, { timeout: LIMIT_MS }).not.toEqual([])
    expect(printed().every((line) => line.includes(CARD))).toBe(true)
    const before = printed().length
    write('{ cards: true }')
    server.signal('SIGHUP')
    await server.line('SERVICE: the files were read anew')
    await expect.poll(() => printed().length, { timeout: LIMIT_MS }).toBeGreaterThan(before)
    expect(
      printed()
        .slice(before)
        .filter((line) => line.includes(CARD)),
    ).toEqual([])
  },
  LIMIT_MS,
)
