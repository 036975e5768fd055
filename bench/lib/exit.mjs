// A measurement may leave threads and sockets open, so it ends the process itself.

/** Ends the process once all that was printed has left it: what a pipe has not taken yet would be lost. */
export async function exitWhenWritten(code) {
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
  )
  process.exit(code)
}
