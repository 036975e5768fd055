import { request } from '../api/request.ts'

/** What may be done to a running call, and the body that says it. */
export interface Commands {
  readonly say: { readonly text: string }
  readonly whisper: { readonly text: string }
  readonly interrupt: Record<string, never>
  readonly keys: { readonly digits: string }
  readonly transfer: { readonly to: string }
  readonly hangup: Record<string, never>
  readonly mute: { readonly on: boolean }
}

/** Throws an ApiError where the call, or what carries it, will not. */
export async function command<Name extends keyof Commands>(id: string, name: Name, body: Commands[Name]) {
  await request(`/api/calls/${encodeURIComponent(id)}/${name}`, { method: 'POST', body })
}
