import { aiSdkLlm } from './llm.ts'

export { aiSdkLlm }
export default aiSdkLlm
