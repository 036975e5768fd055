import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { doctor } from '../../src/commands/doctor.ts'
import { validate } from '../../src/commands/validate.ts'
import { readEnvironment } from '../../src/environment.ts'

const PIPELINE = `version: 1
name: desk
transport: { plugin: "@kav/plugin-twilio", params: { validate_signature: false } }
stt: { plugin: "@kav/plugin-local", params: { hints: [yes, no] } }
llm: { plugin: "@kav/plugin-local", params: { script: ./script.yaml } }
tts: { plugin: "@kav/plugin-local" }
conversation: { greeting: Hello. }
`

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'kav-offline-'))))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it('kav doctor --offline finds no file right that kav validate refuses', async () => {
  const file = join(dir, 'desk.yaml')
  writeFileSync(file, PIPELINE)
  const told: string[] = []
  expect(await validate([file], {}, {}, (line) => told.push(line))).toBe(2)
  const why = /desk\.yaml:5:\d+ llm\.plugin: .*script\.yaml: there is no such file/
  expect(told.join('\n')).toMatch(why)

  const lines: string[] = []
  const settings = readEnvironment({ PORT: '0' })
  const code = await doctor(file, { offline: true, json: true }, settings, (line) => lines.push(line))
  expect(code).toBe(1)
  const { findings } = JSON.parse(lines.join('\n')) as {
    findings: readonly { level: string; message: string }[]
  }
  const errors = findings.filter(({ level }) => level === 'error').map(({ message }) => message)
  expect(errors).toEqual([expect.stringMatching(why)])
})
