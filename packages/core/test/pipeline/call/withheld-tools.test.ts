import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { MULAW_8K, type ToolProvider, type TransportCall } from '../../../src/index.ts'
import { createCallLanguage } from '../../../src/pipeline/call/call-language.ts'
import { createCallToolBox } from '../../../src/pipeline/call/call-tools.ts'
import { createRealClock, createTestMetrics } from '../../../src/testing/index.ts'
import { buildToolKit } from '../../../src/tools/tool-kit.ts'
import { httpTool, NO_TOOLS } from '../../tools/tool-rig.ts'

async function crm() {
  const asked: Pick<IncomingMessage, 'url' | 'headers'>[] = []
  const server = createServer(({ url, headers }, response) => {
    asked.push({ url, headers })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

it.each(['+266696687', '+7378742833', 'anonymous', 'sip:anonymous@anonymous.invalid', 'Restricted'])(
  'no number reaches a tool as if it were one where the caller withholds it: %s',
  async (from) => {
    const { asked, url } = await crm()
    let params: Readonly<Record<string, string>> | undefined
    const provider: ToolProvider = {
      tools: [{ name: 'look_up', description: 'Finds.', parameters: { type: 'object', properties: {} } }],
      run: async (_name, _args, context) => {
        params = context.params
        return 'ok'
      },
      close: () => Promise.resolve(),
    }
    const kit = buildToolKit({
      settings: {
        ...NO_TOOLS,
        http: [httpTool({ url: `${url}/customers?phone={{from}}`, headers: { 'X-Caller': '{{from}}' } })],
      },
      code: [{ name: 'crm', provider }],
      clock: createRealClock(),
      metrics: createTestMetrics(),
    })
    const box = createCallToolBox({
      kit,
      call: { id: 'CA1', format: MULAW_8K, params: { from, to: '+15550100' } } as unknown as TransportCall,
      language: createCallLanguage({
        first: 'en-US',
        stt: [],
        tts: [],
        languages: new Map(),
        onSwitch: () => undefined,
      }),
      playTones: () => Promise.resolve({ outcome: 'played', playedMs: 0 }),
    })
    const { signal } = new AbortController()
    await box.run({ id: '1', name: 'look_up', arguments: '{}' }, signal)
    await box.run({ id: '2', name: 'ask', arguments: '{}' }, signal)
    expect(params).toEqual({ to: '+15550100' })
    expect(asked).toMatchObject([{ url: '/customers', headers: { 'x-caller': '' } }])
  },
)
