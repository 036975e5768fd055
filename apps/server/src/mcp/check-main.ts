// The program of the process that `kav mcp` has run what runs code of plugins.

const [{ hideEnvironment }, { catchStrayFaults }, { endProcess }, { tellUnexpectedEnd }, { runCheck }] =
  await Promise.all([
    import('../privacy/secrets.ts'),
    import('../process/stray-faults.ts'),
    import('../process/end-process.ts'),
    import('../process/unexpected-end.ts'),
    import('./run-check.ts'),
  ])

const strays = catchStrayFaults()
process.once('message', (ask) => void answer(ask as Parameters<typeof runCheck>[0]))
// Whoever asked is gone: so is the reason to go on.
process.once('disconnect', () => void endProcess(0))

async function answer(ask: Parameters<typeof runCheck>[0]): Promise<void> {
  const done = tellUnexpectedEnd('mcp')
  hideEnvironment(ask.env)
  process.send!(await runCheck(ask, strays))
  done()
}

export {}
