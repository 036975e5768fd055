import type { ProviderError } from '../contracts/errors.ts'

/** Where a session went. */
export interface Route {
  readonly plugin: string
  readonly region: string | undefined
}

/** From one provider instance to the next, by their names. */
export interface Fallback {
  readonly from: string
  readonly to: string
  readonly error: ProviderError
}

/** A route as fields of an event. */
export function fieldsOf({ plugin, region }: Route): Readonly<Record<string, unknown>> {
  return { plugin, ...(region === undefined ? {} : { region }) }
}
