/** One method of an SDK client, below the part that loses the way to cancel (google-gax `CancellablePromise`). */
interface InnerCall {
  (request: object, options: object): Promise<readonly unknown[]> & { cancel(): void }
}

/** What the SDK's generated clients have in public, without its type. */
export interface CallingClient {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- as the SDK declares it
  readonly innerApiCalls: Readonly<Record<string, Function>>
}

export interface UnaryCall {
  readonly method: string
  readonly request: object
  readonly timeoutMs: number
  /** What the server routes by (`recognizer`); the SDK's own methods would put it into the headers. */
  readonly routing?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/**
 * One request, which ends at the server, too, once `signal` aborts; rejects with what gRPC says. The SDK's own methods
 * leave it running until its timeout, and its connection with it. Its own retries are off: they would run for minutes.
 */
export async function callUnary(client: CallingClient, call: UnaryCall): Promise<unknown> {
  const { method, request, timeoutMs, routing = {}, signal } = call
  signal?.throwIfAborted()
  const params = Object.entries(routing).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const headers = params.length > 0 ? { 'x-goog-request-params': params.join('&') } : {}
  const inner = client.innerApiCalls[method] as InnerCall
  const asked = inner(request, { timeout: timeoutMs, retry: null, otherArgs: { headers } })
  // As with streams (`createSafeCancel`): one that has not surely been started would stay open at the server.
  const cancel = () => void setImmediate(() => asked.cancel())
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    return (await asked)[0]
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}
