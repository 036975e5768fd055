// Two judges from outside look at each tarball: publint at the manifest, "are the types wrong" at the entry points.
import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/** ES modules only: what a resolver without `exports`, or `require` before Node 22, makes of them is no fault. */
const NOT_PROMISED = ['node10', 'node16-cjs']

export async function judgedFromOutside({ name, manifest, tarball }) {
  const bytes = new Uint8Array(readFileSync(tarball))
  const { messages } = await publint({ pack: { tarball: bytes.buffer }, strict: true })
  const types = await checkPackage(createPackageFromTarballData(bytes))
  return [
    ...messages.map((message) => `${name}: publint: ${formatMessage(message, manifest, { color: false })}`),
    ...(types.types ? [] : [`${name}: there are no types`]),
    ...(types.problems ?? [])
      .filter(({ resolutionKind }) => !NOT_PROMISED.includes(resolutionKind))
      .map((problem) => `${name}: types: ${JSON.stringify(problem)}`),
  ]
}
