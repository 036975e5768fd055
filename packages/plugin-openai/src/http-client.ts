import type { Agent } from 'undici'
import { fetchWithinOrigin } from '@kav/core/kit'
import { tellableRefusal } from './refusal.ts'

export interface HttpClient {
  /** For the SDK, which makes its requests of the global classes. */
  readonly fetch: typeof globalThis.fetch
  /** Ends every request and every socket at once. */
  destroy(): Promise<void>
}

/**
 * One HTTP client throughout: undici's own `fetch` with its own `Agent`. Node's `fetch` is another copy of undici, and
 * from Node 24 on it and an `Agent` of this one misunderstand each other: headers of the answer are lost, and a
 * refused upload ends the process. What the SDK makes of global classes (a form) is made anew of undici's.
 */
export async function createHttpClient(options: Agent.Options): Promise<HttpClient> {
  const { Agent, fetch, FormData } = await import('undici')
  const dispatcher = new Agent(options)

  function ownForm(form: globalThis.FormData): InstanceType<typeof FormData> {
    const own = new FormData()
    for (const [name, value] of form) {
      if (typeof value === 'string') own.append(name, value)
      else own.append(name, value, value.name)
    }
    return own
  }

  async function request(url: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const body = init.body instanceof globalThis.FormData ? ownForm(init.body) : init.body
    const target = typeof url === 'string' || url instanceof URL ? url : url.url
    const own = { ...init, body, dispatcher } as unknown as RequestInit
    const response = await fetchWithinOrigin(fetch as unknown as typeof globalThis.fetch, target, own)
    return response.ok ? response : tellableRefusal(response)
  }

  return {
    // The SDK asks by this class whether forms of the global kind can be sent.
    fetch: Object.assign(request, { Response: globalThis.Response }),
    destroy: () => dispatcher.destroy(),
  }
}
