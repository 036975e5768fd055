import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { readRegularFile } from '@kav/core/kit'

/** The model this plugin is made for, and where its makers publish it: inside a wheel on PyPI. */
export const SMART_TURN = {
  file: 'smart-turn-v3.2-cpu.onnx',
  sha256: '2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f',
  requirement: 'pipecat-ai==1.14.0',
  folderInWheel: 'pipecat/audio/turn/smart_turn/data',
} as const

export const FETCH_COMMAND = 'npx kav fetch @kav/plugin-smart-turn'

/** The model has 9 MB; what is much larger is no such network. */
export const MAX_MODEL_BYTES = 256 * 2 ** 20

/** Where the model of these params is. */
export function modelPath(model: string | undefined, baseDir: string): string {
  return model === undefined
    ? join(homedir(), '.cache', 'kav', 'smart-turn', SMART_TURN.file)
    : resolve(baseDir, model)
}

/** What there is at a path: `other` is a file, but not the one that this plugin was tested with. */
export type ModelFileState = 'right' | 'other' | { readonly unreadable: string }

/** Never throws. */
export async function lookAtModel(path: string): Promise<ModelFileState> {
  try {
    const bytes = await readRegularFile(path, MAX_MODEL_BYTES)
    return sha256Of(bytes) === SMART_TURN.sha256 ? 'right' : 'other'
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return { unreadable: code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})` }
  }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** What is wrong with a model that is not there, and what to do about it. */
export function noModel(path: string, why: string): { readonly message: string; readonly fix: string } {
  return {
    message: `the model of Smart Turn, ${path}: ${why}`,
    fix: `Run ${FETCH_COMMAND}, or set "model" to the file.`,
  }
}
