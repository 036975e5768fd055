import { fileURLToPath } from 'node:url'

/** Where the demo's script is, as `script: scripts/front-desk.yaml` is resolved. */
export const FRONT_DESK_DIR = fileURLToPath(new URL('../../../../pipelines/', import.meta.url))
