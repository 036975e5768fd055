/** What the API refused, in its own words. */
export class KavApiError extends Error {
  /** HTTP status; 0 where nobody answered. */
  readonly status: number
  /** One of docs/control-api.md, or `no-answer` where what answered is not the API. */
  readonly code: string
  /** What can be done about it. */
  readonly fix: string

  constructor(status: number, { code, message, fix }: { code: string; message: string; fix: string }) {
    super(message)
    this.name = 'KavApiError'
    this.status = status
    this.code = code
    this.fix = fix
  }
}

/** Of an answer that is not a good one. */
export async function errorOf(answer: Response): Promise<KavApiError> {
  const body = (await answer.json().catch(() => undefined)) as { error?: unknown } | undefined
  const error = body?.error as { code: string; message: string; fix: string } | undefined
  return new KavApiError(
    answer.status,
    error ?? {
      code: 'no-answer',
      message: `what answered is not the admin API (HTTP ${answer.status})`,
      fix: 'check the address: it is that of the operator’s port, 9080 by default',
    },
  )
}
