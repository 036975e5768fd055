/** Answers that want the same request sent again elsewhere; other redirects make a question of it. */
const SAME_REQUEST: ReadonlySet<number> = new Set([307, 308])
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
const MAX_REDIRECTS = 3

/**
 * `fetch` that follows a redirect to its own origin alone: the key goes along in headers that no client takes for one
 * (`api-key`, `x-api-key`), and so does what was said. Any other redirect is the answer, its reason in words.
 */
export async function fetchWithinOrigin(
  fetch: typeof globalThis.fetch,
  url: string | URL,
  init: RequestInit = {},
): Promise<Response> {
  let at = new URL(url)
  for (let redirects = 0; ; redirects++) {
    const response = await fetch(at, { ...init, redirect: 'manual' })
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null
    if (location === null || !URL.canParse(location, at.href)) return response
    const to = new URL(location, at)
    await response.body?.cancel().catch(() => undefined)
    const { method = 'GET' } = init
    const isSame = SAME_REQUEST.has(response.status) || method === 'GET' || method === 'HEAD'
    if (to.origin !== at.origin || !isSame || redirects === MAX_REDIRECTS) return refused(response, to)
    at = to
  }
}

function refused({ status, statusText }: Response, to: URL): Response {
  const message = `the server redirects to ${to.origin}${to.pathname}, which is not followed`
  const headers = { 'content-type': 'application/json' }
  return new Response(JSON.stringify({ error: { message } }), { status, statusText, headers })
}
