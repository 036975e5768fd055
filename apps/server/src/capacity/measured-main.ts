// The program of the process that `kav bench --capacity` measures.

const [{ hideEnvironment }, { endProcess }, { runMeasured }] = await Promise.all([
  import('../privacy/secrets.ts'),
  import('../process/end-process.ts'),
  import('./run-measured.ts'),
])

hideEnvironment(process.env)
await runMeasured(process as unknown as Parameters<typeof runMeasured>[0])
await endProcess(0)

export {}
