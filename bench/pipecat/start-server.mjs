// The pipecat server as a child process, with the same face as the other servers under test.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 3000
const server = fileURLToPath(new URL('server.py', import.meta.url))
/** Where README.md puts it. */
const ownPython = fileURLToPath(new URL('../../.cache/pipecat-venv/bin/python', import.meta.url))

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

/** Starts it and resolves once it listens; `args` as in server.py. */
export async function startPipecat(python, args) {
  const child = spawn(python, [server, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  void gone.then(() => process.off('exit', end))
  const port = await portOf(child)
  return {
    pid: child.pid,
    ready: { streamUrl: `ws://127.0.0.1:${port}/` },
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(end, STOP_LIMIT_MS)
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
