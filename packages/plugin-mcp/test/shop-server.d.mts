import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { Told } from './http-shop.ts'

export function createShop(told?: (one: Told) => void): McpServer
