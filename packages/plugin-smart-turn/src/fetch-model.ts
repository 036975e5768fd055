import { copyFile, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type LiveFinding, messageOf, type PluginContext } from '@kav/core'
import { finding, makeFolder } from '@kav/core/kit'
import { lookAtModel, modelPath, sha256Of, SMART_TURN } from './model/model-file.ts'
import { runPython } from './model/run-python.ts'
import type { SmartTurnParams } from './params.ts'

/** Puts the model where the params say, with its licence beside it. What is there already stays as it is. */
export async function fetchModel(
  given: SmartTurnParams,
  { baseDir }: Pick<PluginContext, 'baseDir'>,
): Promise<readonly LiveFinding[]> {
  const path = modelPath(given.model, baseDir)
  const state = await lookAtModel(path)
  if (state === 'right') return [finding.ok(`${path} is there already`)]
  if (state === 'other') {
    return [
      finding.error(`${path} is another file`, 'Remove it, or leave it: the pipeline uses it as it is.'),
    ]
  }
  const work = await mkdtemp(join(tmpdir(), 'kav-smart-turn-'))
  try {
    await unpackWheel(given.python, work)
    await putInPlace(work, path)
    return [finding.ok(`${path} was taken out of ${SMART_TURN.requirement}, its licence lies beside it`)]
  } catch (thrown) {
    return [
      finding.error(
        `the model could not be fetched: ${messageOf(thrown)}`,
        `Fetch it where pip works (pip download --no-deps ${SMART_TURN.requirement}), unzip the wheel, and set "model" to ${SMART_TURN.file}.`,
      ),
    ]
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** The wheel alone, none of what it needs: nothing of it is ever run. */
async function unpackWheel(python: string, work: string): Promise<void> {
  const wanted = ['--no-deps', '--only-binary=:all:', '--dest', work, SMART_TURN.requirement]
  await runPython(python, [
    ...['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-input'],
    ...wanted,
  ])
  const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'))
  if (wheel === undefined) throw new Error(`pip brought no wheel of ${SMART_TURN.requirement}`)
  await runPython(python, ['-m', 'zipfile', '-e', join(work, wheel), work])
}

async function putInPlace(work: string, path: string): Promise<void> {
  const bytes = await readFile(join(work, SMART_TURN.folderInWheel, SMART_TURN.file))
  if (sha256Of(bytes) !== SMART_TURN.sha256) {
    throw new Error(`${SMART_TURN.file} of the wheel is not the model that is wanted (its SHA-256 differs)`)
  }
  await makeFolder(dirname(path))
  const info = (await readdir(work)).find((name) => name.endsWith('.dist-info'))
  if (info === undefined) throw new Error('the wheel has no licence')
  await copyFile(join(work, info, 'licenses', 'LICENSE'), `${path}.LICENSE`)
  // Whoever reads it meanwhile must find all of it, or nothing.
  const unfinished = `${path}.${process.pid}.part`
  try {
    await writeFile(unfinished, bytes)
    await rename(unfinished, path)
  } finally {
    await rm(unfinished, { force: true })
  }
}
