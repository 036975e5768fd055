import { format, resolveConfig } from 'prettier'
import { root } from './run.mjs'

/** TypeScript as it is written here. */
export async function inStyle(code) {
  return await format(code, { ...(await resolveConfig(`${root}package.json`)), parser: 'typescript' })
}
