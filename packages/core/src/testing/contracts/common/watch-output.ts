/* eslint-disable no-console -- it is what others print that is looked at */
import { format } from 'node:util'

const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const

/** Runs `work`, and tells what was printed meanwhile, whoever did: it is printed all the same. */
export async function watchOutput(work: () => Promise<void>, onText: (text: string) => void): Promise<void> {
  const { stdout, stderr } = process
  const own = {
    console: METHODS.map((name) => [name, console[name]] as const),
    streams: [stdout, stderr].map((stream) => [stream, stream.write] as const),
  }
  for (const [name, print] of own.console) {
    console[name] = (...args: unknown[]) => {
      onText(format(...args))
      print.apply(console, args)
    }
  }
  for (const [stream, write] of own.streams) {
    stream.write = ((...args: Parameters<typeof write>) => {
      onText(String(args[0]))
      return write.apply(stream, args)
    }) as typeof write
  }
  try {
    await work()
  } finally {
    for (const [name, print] of own.console) console[name] = print
    for (const [stream, write] of own.streams) stream.write = write
  }
}
