import type { McpParams } from './mcp-params.ts'

/** What a person knows the server by. */
export function serverName({ command, url = '' }: McpParams): string {
  return command ?? new URL(url).host
}
