import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const LIMIT_MS = 10 * 60_000
const OUTPUT_BYTES = 1024 * 1024

/** Runs a module of Python. Rejects with an error whose message is the last line it wrote. */
export async function runPython(python: string, args: readonly string[]): Promise<void> {
  try {
    await run(python, args, { timeout: LIMIT_MS, maxBuffer: OUTPUT_BYTES })
  } catch (thrown) {
    const { code, stderr } = thrown as NodeJS.ErrnoException & { readonly stderr?: string }
    if (code === 'ENOENT') throw new Error(`${python} is not installed`, { cause: thrown })
    const lines = (stderr ?? '').trim().split('\n')
    const said = lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1)
    throw new Error(`${python} ${args.slice(0, 3).join(' ')}: ${said || `ended with ${code}`}`, {
      cause: thrown,
    })
  }
}
