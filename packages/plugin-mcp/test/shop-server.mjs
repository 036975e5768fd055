/** A shop's tools, over whatever transport the server is connected to. Run as a program, over stdio. */
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { z } from 'zod'

const text = (value) => ({ content: [{ type: 'text', text: value }] })

/** @param told hears what the tools are asked, and which were cancelled */
export function createShop(told = () => undefined) {
  const server = new McpServer(
    { name: 'shop', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true } } },
  )
  const add = (name, inputSchema, run) =>
    server.registerTool(name, { description: `Does ${name}.`, inputSchema }, async (args, extra) => {
      told({ name, args })
      extra.signal.addEventListener('abort', () => told({ name, cancelled: true }))
      return run(args, extra)
    })
  add('order_state', { id: z.string().regex(/^\d+$/), phone: z.string() }, ({ id, phone }) =>
    text(`Order ${id} of ${phone} is on its way.`),
  )
  add('refused', {}, () => ({ ...text('The shop is closed.'), isError: true }))
  add('pictures', {}, () => ({
    content: [
      { type: 'image', data: 'AAAA', mimeType: 'image/png' },
      { type: 'text', text: 'A picture.' },
    ],
  }))
  add('long', {}, () => text('x'.repeat(200_000)))
  add('huge', {}, () => text('x'.repeat(5_000_000)))
  add('slow', {}, async (_args, { signal }) => {
    await sleep(30_000, undefined, { signal }).catch(() => undefined)
    return text('late')
  })
  add('leave', {}, () => process.exit(3))
  add('environment', {}, () => text(JSON.stringify(process.env)))
  add('hidden', {}, () => text('nobody may know'))
  return server
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.error('the shop opens')
  await createShop().connect(new StdioServerTransport())
}
