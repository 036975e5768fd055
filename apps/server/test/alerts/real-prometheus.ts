import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianCommand } from '../debian-command.ts'

const COMMAND = debianCommand('prometheus')

/** Debian's; where it may not be had the set-up of the tests has said why. */
export const hasPrometheus = spawnSync(COMMAND, ['--version'], { stdio: 'ignore' }).status === 0

export interface RealPrometheus {
  /** `data` of an answer of its API; throws with the words of one that is an error. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>
  close(): Promise<void>
}

/** Scrapes `target` (`127.0.0.1:9080`) each second, and evaluates the rules as often. */
export async function openPrometheus(target: string, rules: string): Promise<RealPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'kav-prometheus-'))
  writeFileSync(join(folder, 'rules.yaml'), rules)
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    scrape_configs: [{ job_name: 'kav', static_configs: [{ targets: [target] }] }],
  }
  // JSON is YAML.
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config))
  const port = await freePort()
  const child = spawn(
    COMMAND,
    ['--config.file=prometheus.yml', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let told = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text))
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const base = `http://127.0.0.1:${port}`
  while (
    !(await fetch(`${base}/-/ready`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`prometheus ended:\n${told}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    async get(path, query = {}) {
      const answer = await fetch(`${base}/api/v1/${path}?${new URLSearchParams(query).toString()}`)
      const body = (await answer.json()) as { status: string; error?: string; data: unknown }
      if (body.status !== 'success') throw new Error(`${query['query'] ?? path}: ${body.error}`)
      return body.data
    },
    async close() {
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Prometheus cannot be asked which port it took. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
