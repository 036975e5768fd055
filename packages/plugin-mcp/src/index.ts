import { mcpTools } from './mcp-tools.ts'

export { mcpTools }
export default mcpTools
