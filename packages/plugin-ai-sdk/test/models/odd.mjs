import { ReadableStream } from 'node:stream/web'

/** A provider of an operator's own, in the second version of the interface: flat counts, reasons as texts. */
const PARTS = [
  { type: 'stream-start', warnings: [] },
  { type: 'of-another-age' },
  null,
  { type: 'text-delta', id: '0', delta: 'Hello.' },
  { type: 'finish', finishReason: 'stop', usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 } },
]

export function createOdd() {
  return (modelId) => ({
    specificationVersion: 'v2',
    modelId,
    provider: 'odd',
    supportedUrls: {},
    doStream: () =>
      Promise.resolve({
        stream: new ReadableStream({
          start(controller) {
            for (const part of PARTS) controller.enqueue(part)
            controller.close()
          },
        }),
      }),
  })
}
