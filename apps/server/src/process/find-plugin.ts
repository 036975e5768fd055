import { fileURLToPath } from 'node:url'
import { createPackageFinder, type FindPackage } from '@kav/core/host'

/** Packages are looked for beside the pipeline that names them, then among what the server itself came with. */
export const findPlugin: FindPackage = createPackageFinder([fileURLToPath(new URL('.', import.meta.url))])
