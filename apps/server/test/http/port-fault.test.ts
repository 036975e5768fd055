import { createTestLogger } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { portFault } from '../../src/http/port-fault.ts'
import { createHttpHost } from '../../src/http-host.ts'

const failure = (port: number, host: string) =>
  createHttpHost(createTestLogger())
    .listen(port, host)
    .catch((error: unknown) => portFault(error, port, host))

it('says of a port that cannot be opened why, and what to do', async () => {
  const first = createHttpHost(createTestLogger())
  const port = await first.listen(0, '127.0.0.1')
  expect(await failure(port, '127.0.0.1')).toBe(
    `port ${port} of 127.0.0.1 is taken, by another kav serve perhaps: set PORT or --port to one that is free`,
  )
  await first.close()
  expect(await failure(0, '192.0.2.1')).toBe('--host is "192.0.2.1", which is no address of this machine')
  expect(portFault({ code: 'EACCES' }, 80, undefined)).toMatch(/^port 80 is not for this user: .*above 1023/)
})
