// The program of a worker process.

// Node would open a debugger's port for it.
process.on('SIGUSR1', () => undefined)

const [{ hideEnvironment }, { readEnvironment }, { endProcess }, { runWorker }] = await Promise.all([
  import('../privacy/secrets.ts'),
  import('../environment.ts'),
  import('../process/end-process.ts'),
  import('./run-worker.ts'),
])

hideEnvironment(process.env)
const parent = process as unknown as Parameters<typeof runWorker>[0]
await endProcess(await runWorker(parent, readEnvironment(process.env)))

export {}
