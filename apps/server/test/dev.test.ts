import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { placeCall } from '@kav/phone'
import { afterEach, beforeEach, expect, it } from 'vitest'

const KAV = fileURLToPath(new URL('../bin/kav.js', import.meta.url))

const PIPELINE = `version: 1
name: desk
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false, public_url: "https://voice.example.com" } }
stt: { plugin: ./line.mjs }
llm: { plugin: ./line.mjs }
tts: { plugin: ./line.mjs }
vad: off
limits: { max_event_loop_lag_ms: 0 }
`

/** Hears a sentence in every second of sound, and answers it with what stands in another file. */
const LINE = `import { words } from './words.mjs'
const MULAW = { encoding: 'mulaw', sampleRateHz: 8000 }
const params = { type: 'object', properties: {} }
const close = async () => {}
function openSession() {
  let bytes = 0
  let wake = () => {}
  let over = false
  const heard = []
  return Promise.resolve({
    write(audio) {
      const before = Math.floor(bytes / 8000)
      bytes += audio.byteLength
      if (Math.floor(bytes / 8000) > before) heard.push({ type: 'final', text: 'Hello number ' + before + '.', endMs: bytes / 8 })
      wake()
    },
    finish() { over = true; wake() },
    events: (async function* () {
      while (!over || heard.length > 0) {
        if (heard.length > 0) yield heard.shift()
        else await new Promise((resolve) => (wake = resolve))
      }
    })(),
    async close() { over = true; wake() },
  })
}
export default [
  { kind: 'stt', name: 'hears', description: '', params, create: () => ({ accepts: [MULAW], openSession, close }) },
  { kind: 'llm', name: 'thinks', description: '', params, create: () => ({
    async *reply() { yield { type: 'text', text: words }; yield { type: 'end', reason: 'stop' } }, close }) },
  { kind: 'tts', name: 'speaks', description: '', params, create: () => ({
    produces: [MULAW], async *speak() { yield new Uint8Array(800).fill(0x30) }, close }) },
]
`

let dir: string
const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(dir, name)), { recursive: true })
  writeFileSync(join(dir, name), text)
}
let child: ReturnType<typeof spawn> | undefined
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-dev-'))))
afterEach(async () => {
  if (child?.exitCode === null) {
    const gone = new Promise((resolve) => child!.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
  rmSync(dir, { recursive: true })
})

/** The command in a process of its own: what an import keeps, it keeps for the whole process. */
function openDev() {
  child = spawn(process.execPath, [KAV, 'dev', 'desk.yaml', '--port', '0'], {
    cwd: dir,
    env: { ...process.env, ADMIN_PORT: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  let wake: () => void = () => undefined
  createInterface(child.stdout!).on('line', (line) => {
    lines.push(line)
    wake()
  })
  let read = 0
  return {
    /** The next line that has this in it; those before it are passed over. */
    async until(part: string): Promise<string> {
      for (;;) {
        while (read < lines.length) {
          const line = lines[read++]!
          if (line.includes(part)) return line
        }
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

it('new calls run on what was written last, running ones on what they began with, and a mistake changes nothing', async () => {
  write('desk.yaml', PIPELINE)
  write('line.mjs', LINE)
  write('words.mjs', "export const words = 'First words.'\n")
  const kav = openDev()
  const port = /port (\d+)/.exec(await kav.until('ready for calls'))![1]
  const dial = () =>
    placeCall({ webhookUrl: `http://127.0.0.1:${port}/twilio/voice`, publicUrl: 'https://voice.example.com' })

  const first = await dial()
  expect(await kav.until('Hello number 0')).toMatch(/^ *\d+\.\d\d /)
  await kav.until('First words.')
  await kav.until('first audio')

  write('words.mjs', "export const words = 'Second words.'\n")
  await kav.until('taken: new calls run on it')
  await kav.until('First words.')
  expect(first.endedBy).toBeUndefined()
  first.hangUp()
  await first.finished

  const second = await dial()
  await kav.until('Second words.')

  write('words.mjs', 'export const words = \n')
  expect(await kav.until('words.mjs')).toMatch(
    /^desk\.yaml:4:16 stt\.plugin: "\.\/line\.mjs" cannot be read by Node\.js/,
  )
  await kav.until('not taken: all goes on as it was')
  await kav.until('Second words.')
  second.hangUp()
  await second.finished

  write('words.mjs', "export const words = 'Third words.'\n")
  write('desk.yaml', PIPELINE.replace('vad: off', 'vad: off\nvda: off'))
  expect(await kav.until('vda')).toMatch(/^desk\.yaml:8:1 +unknown field "vda"; did you mean "vad"\?$/)
  write('desk.yaml', PIPELINE)
  await kav.until('taken: new calls run on it')
  const third = await dial()
  await kav.until('Third words.')
  third.hangUp()
  await third.finished
}, 90_000)

it('a wrong file at the start is waited for, packages and .env are watched as well, and a key ends it', async () => {
  write('desk.yaml', PIPELINE.replaceAll('./line.mjs', 'acme-line'))
  write('.env', 'WORDS="Words of an environment."\n')
  const kav = openDev()
  expect(await kav.until('acme-line')).toMatch(/^desk\.yaml:4:16 stt\.plugin: "acme-line" is not installed/)
  await kav.until('nothing runs yet; waiting for changes')

  // As npm does it: what the project lists is written last.
  const manifest = { name: 'acme-line', version: '0.1.0', type: 'module', exports: './dist/line.mjs' }
  write('node_modules/acme-line/package.json', JSON.stringify(manifest))
  write(
    'node_modules/acme-line/dist/line.mjs',
    LINE.replace('create: () => ({ accepts', 'create: () => ({ acepts'),
  )
  write('node_modules/acme-line/dist/words.mjs', "export const words = 'First words.'\n")
  write('package.json', JSON.stringify({ dependencies: { 'acme-line': '0.1.0' } }))
  expect(await kav.until('acepts')).toMatch(/^desk\.yaml:4:16 stt\.plugin: .* has no "accepts", but "acepts"/)

  write('node_modules/acme-line/dist/line.mjs', LINE)
  const port = /port (\d+)/.exec(await kav.until('ready for calls'))![1]
  const heard = async (words: string) => {
    const call = await placeCall({
      webhookUrl: `http://127.0.0.1:${port}/twilio/voice`,
      publicUrl: 'https://voice.example.com',
    })
    await kav.until(words)
    call.hangUp()
    await call.finished
  }
  await heard('First words.')

  write('node_modules/acme-line/dist/words.mjs', 'export const words = process.env.WORDS\n')
  await kav.until('taken: new calls run on it')
  await heard('Words of an environment.')
  write('desk.yaml', PIPELINE.replaceAll('./line.mjs', 'acme-line') + 'description: "${SAYING}"\n')
  await kav.until('SAYING')
  await kav.until('not taken: all goes on as it was')
  write('.env', 'WORDS="Other words."\nSAYING="Hello."\n')
  await kav.until('taken: new calls run on it')
  const ended = new Promise((resolve) => child!.once('exit', resolve))
  child!.kill('SIGINT')
  expect(await ended).toBe(0)
}, 90_000)
