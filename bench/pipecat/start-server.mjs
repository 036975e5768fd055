// The pipecat server as a child process, with the same face as the other servers under test.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 3000
/** Where README.md puts it. */
const ownPython = fileURLToPath(new URL('../../.cache/pipecat-venv/bin/python', import.meta.url))
const running = new Set()

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** `{ python, version }` of a Python that has what the server needs, or `{ missing }` in words. */
export function findPipecat() {
  const python = process.env.PIPECAT_PYTHON ?? (existsSync(ownPython) ? ownPython : 'python3')
  const program =
    'import importlib.metadata as m, platform, fastapi, uvicorn, pipecat.audio.vad.silero;' +
    'print("pipecat-ai", m.version("pipecat-ai"), "on Python", platform.python_version())'
  try {
    const said = execFileSync(python, ['-c', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return { python, version: said.trim().split('\n').at(-1) }
  } catch (error) {
    const why = error.code === 'ENOENT' ? 'no such program' : String(error.stderr).trim().split('\n').at(-1)
    return { missing: `${python}: ${why}` }
  }
}

/** Starts `file` of this folder and resolves once it listens; `args` as it says itself. */
export async function startPipecat(python, args, file = 'server.py') {
  const server = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(python, [server, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  const gone = new Promise((resolve) => child.once('exit', resolve))
  void gone.then(() => running.delete(child))
  const port = await portOf(child)
  return {
    pid: child.pid,
    ready: { streamUrl: `ws://127.0.0.1:${port}/` },
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS)
      await gone
      clearTimeout(timer)
    },
  }
}

function portOf(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail('did not start'), START_LIMIT_MS)
    const fail = (why) => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new Error(`pipecat server: ${why}`))
    }
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code) => fail(`ended (exit code ${code})`))
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer)
      resolve(JSON.parse(line).port)
    })
  })
}
