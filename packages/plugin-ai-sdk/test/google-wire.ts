import type { Script } from './loopback.ts'

/** `streamGenerateContent?alt=sse` of the Gemini API, as its server writes it (v1beta). */
const chunk = (parts: readonly object[], finishReason?: string) => ({
  candidates: [
    { content: { role: 'model', parts }, index: 0, ...(finishReason !== undefined && { finishReason }) },
  ],
  usageMetadata: {
    promptTokenCount: 40,
    cachedContentTokenCount: 16,
    candidatesTokenCount: 7,
    thoughtsTokenCount: 5,
    totalTokenCount: 52,
  },
  modelVersion: 'gemini-3-flash',
  responseId: 'resp_1',
})

/** One part in each chunk. */
export function candidate(parts: readonly object[], finishReason = 'STOP'): Script {
  return async ({ events, end }) => {
    await events([...parts.map((part) => chunk([part])), chunk([{ text: '' }], finishReason)])
    end()
  }
}

export const begun = (texts: readonly string[]) => texts.map((text) => chunk([{ text }]))

export function refusal(code: number, status: string, message: string): Script {
  return ({ json }) => json(code, { error: { code, message, status } })
}
