/** Runs what a plugin does at once, `create` above all: one that would end the process there is refused that. */
export function refuseExit<T>(run: () => T): T {
  const own = process.exit
  process.exit = (code) => {
    throw new Error(`it called process.exit(${code ?? process.exitCode ?? 0})`)
  }
  try {
    return run()
  } finally {
    process.exit = own
  }
}
