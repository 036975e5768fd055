import { createConnection } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { type ServedProcess, serveProcess } from './served-process.ts'

let server: ServedProcess | undefined
afterEach(() => server?.remove())

it('listens on 127.0.0.1 only when it serves the demo, which checks no signatures', async () => {
  server = await serveProcess(undefined)
  expect(await answers('127.0.0.1', server.port)).toBe(true)
  // A server on every address would answer at these as well.
  expect(await answers('127.0.0.2', server.port)).toBe(false)
  expect(await answers('::1', server.port)).toBe(false)
}, 60_000)

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port })
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
