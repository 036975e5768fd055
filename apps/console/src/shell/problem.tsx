import type { ApiError } from '../api/api-error.ts'

/** What went wrong, and what to do about it, as the server says it. */
export function Problem({ error }: { error: ApiError }) {
  return (
    <div class="notice bad" role="alert">
      <strong>{error.message}</strong>
      {error.fix !== undefined && <p>{error.fix}</p>}
    </div>
  )
}

/** That what is shown may be old by now. */
export function LineLost() {
  return (
    <p class="notice bad" role="status">
      The line to the server is lost. What stands here is what was known last; it is tried again.
    </p>
  )
}
