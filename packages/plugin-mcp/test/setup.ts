import { fileURLToPath } from 'node:url'
import type { ToolContext, ToolProvider } from '@kav/core'
import { testContext, testParams } from '@kav/core/testing'
import { afterEach } from 'vitest'
import { mcpTools } from '../src/mcp-tools.ts'
import { type HttpShop, openHttpShop } from './http-shop.ts'

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

export const TOKEN = 'mcp-token-0123456789'

export const BY_STDIO = {
  command: process.execPath,
  args: [fileURLToPath(new URL('shop-server.mjs', import.meta.url))],
}

/** A provider that has tried to connect once. */
export async function connected(given: object, context = testContext()): Promise<ToolProvider> {
  const provider = mcpTools.create(testParams(mcpTools.params, given), context)
  opened.push(() => provider.close())
  await provider.warm?.()
  return provider
}

export async function shop(options = {}): Promise<HttpShop> {
  const server = await openHttpShop(options)
  opened.push(() => server.close())
  return server
}

export function of(
  params: Readonly<Record<string, string>> = {},
  signal = new AbortController().signal,
): ToolContext {
  return { callId: 'call-1', params, language: 'en-US', signal }
}
