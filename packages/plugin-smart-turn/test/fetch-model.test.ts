import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkFiles } from '../src/check-files.ts'
import { fetchModel } from '../src/fetch-model.ts'
import { smartTurn } from '../src/index.ts'
import { HAS_MODEL, MODEL } from './model.ts'

const folder = mkdtempSync(join(tmpdir(), 'kav-fetch-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A command that stands for Python: what `pip download` and `zipfile -e` leave behind, `model` as the model. */
function pythonWith(name: string, model: string): string {
  const script = `#!/bin/sh
case "$2" in
pip)
  while [ "$1" != --dest ]; do shift; done
  : > "$2/pipecat_ai-1.14.0-py3-none-any.whl" ;;
zipfile)
  mkdir -p "$5/pipecat/audio/turn/smart_turn/data" "$5/pipecat_ai-1.14.0.dist-info/licenses"
  cp "${model}" "$5/pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"
  echo "BSD 2-Clause License" > "$5/pipecat_ai-1.14.0.dist-info/licenses/LICENSE" ;;
esac
`
  return command(name, script)
}

function command(name: string, script: string): string {
  const path = join(folder, name)
  writeFileSync(path, script)
  chmodSync(path, 0o755)
  return path
}

const fetch = (model: string, python: string) =>
  fetchModel({ model, python, threshold: 0.5, threads: 1 }, { baseDir: folder })
const check = (model: string) => checkFiles({ model, python: 'python3', threshold: 0.5, threads: 1 }, folder)

describe('kav fetch', () => {
  let other: string
  beforeAll(() => writeFileSync((other = join(folder, 'other.onnx')), 'another model'))

  it.skipIf(!HAS_MODEL)('puts the model where the params say, its licence beside it, once', async () => {
    const python = pythonWith('python-right', MODEL)
    expect(await fetch('models/turn.onnx', python)).toMatchObject([{ level: 'ok' }])
    expect(readdirSync(join(folder, 'models')).sort()).toEqual(['turn.onnx', 'turn.onnx.LICENSE'])
    expect(readFileSync(join(folder, 'models/turn.onnx.LICENSE'), 'utf8')).toMatch(/BSD 2-Clause/)
    expect(await check('models/turn.onnx')).toEqual([])
    expect(await fetch('models/turn.onnx', 'no-python-is-asked')).toMatchObject([
      { level: 'ok', message: expect.stringMatching(/is there already/) },
    ])
  })

  it('takes no other file for the model', async () => {
    const [found] = await fetch('new/turn.onnx', pythonWith('python-wrong', other))
    expect(found).toMatchObject({ level: 'error', message: expect.stringMatching(/its SHA-256 differs/) })
    expect(found!.fix).toMatch(/pip download --no-deps pipecat-ai==1.14.0/)
    expect(existsSync(join(folder, 'new'))).toBe(false)
  })

  it('leaves a file that is there as it is', async () => {
    const found = await fetch('other.onnx', 'no-python-is-asked')
    expect(found).toMatchObject([{ level: 'error', message: `${other} is another file` }])
    expect(readFileSync(other, 'utf8')).toBe('another model')
  })

  it.each([
    ['python is not installed', 'no-such-python', /no-such-python is not installed/],
    [
      'pip cannot reach its index',
      '#!/bin/sh\necho "WARNING: retrying" >&2\necho "ERROR: No matching distribution found" >&2\nexit 1\n',
      /ERROR: No matching distribution found/,
    ],
    ['pip brings nothing', '#!/bin/sh\nexit 0\n', /pip brought no wheel of pipecat-ai==1.14.0/],
  ])('says so where %s', async (_what, python, message) => {
    const path = python.startsWith('#!') ? command('python-fault', python) : python
    expect(await fetch('none/turn.onnx', path)).toMatchObject([
      { level: 'error', message: expect.stringMatching(message) },
    ])
  })
})

describe('kav validate', () => {
  it('refuses a pipeline whose model is not there, with what to do', async () => {
    expect(await check('none.onnx')).toEqual([
      {
        severity: 'error',
        path: ['model'],
        message: `the model of Smart Turn, ${join(folder, 'none.onnx')}: there is no such file. Run npx kav fetch @kav/plugin-smart-turn, or set "model" to the file.`,
      },
    ])
  })

  it('warns of a model that was never measured', async () => {
    expect(await check('other.onnx')).toMatchObject([
      { path: ['model'], message: expect.stringMatching(/its SHA-256 differs/) },
    ])
  })

  it('says so when a folder is no file', async () => {
    expect(await check('.')).toMatchObject([{ severity: 'error', message: expect.stringMatching(/EISDIR/) }])
  })

  it('looks where kav fetch puts the model when none is named', async () => {
    const params = { python: 'python3', threshold: 0.5, threads: 1 }
    for (const { message, path } of await smartTurn.checkFiles!(params, folder)) {
      expect(path).toEqual([])
      expect(message).toMatch(/\.cache.kav.smart-turn.smart-turn-v3\.2-cpu\.onnx/)
    }
  })
})
