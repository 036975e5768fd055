/**
 * Every way in which the admin API says no, with its status. A code is for good, as those of the core are;
 * `docs/control-api.md` has a row for each, and a test ties the two.
 */
export const API_FAULTS = {
  'bad-request': 400,
  'no-token': 401,
  'wrong-token': 401,
  'foreign-origin': 403,
  'unknown-host': 403,
  'unknown-path': 404,
  'unknown-call': 404,
  'unknown-pipeline': 404,
  method: 405,
  'cannot-do': 409,
  'call-over': 409,
  'not-taken': 409,
  'too-many': 409,
  'key-reused': 409,
  'too-large': 413,
  'no-json': 415,
  'too-soon': 429,
  internal: 500,
  'not-ready': 503,
  'no-room': 503,
  'node-lost': 502,
  'no-answer': 504,
} as const

export type ApiFaultCode = keyof typeof API_FAULTS

/** Thrown by a route: becomes `{ "error": { code, message, fix } }` with the status of its code. */
export class ApiFault extends Error {
  readonly code: ApiFaultCode
  /** What whoever asked can do about it. */
  readonly fix: string

  /** @param message what is wrong; neither it nor `fix` may hold anything private or secret. */
  constructor(code: ApiFaultCode, message: string, fix: string) {
    super(message)
    this.name = 'ApiFault'
    this.code = code
    this.fix = fix
  }

  get status(): number {
    return API_FAULTS[this.code]
  }

  get body(): { readonly error: { code: ApiFaultCode; message: string; fix: string } } {
    return { error: { code: this.code, message: this.message, fix: this.fix } }
  }
}
