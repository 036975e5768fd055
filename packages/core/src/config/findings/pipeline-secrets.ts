import { type FoundSecrets, type OpenPlaces, secretsOf } from '../../kit/secrets/index.ts'

/** Fields of a pipeline file that are no secrets, whatever their names say. A test ties them to the schema. */
export const OPEN_PLACES: OpenPlaces = {
  schemas: [
    ['hooks', 'after_call', 'fields'],
    ['tools', 'http', '*', 'parameters'],
  ],
  fields: [
    ['tools', 'press_keys'],
    // What it holds has names of its own.
    ['tools', 'http', '*', 'auth'],
  ],
}

/** What must not be shown of a pipeline file. Takes any value. */
export function secretsOfPipeline(root: unknown): FoundSecrets {
  return secretsOf(root, OPEN_PLACES)
}
