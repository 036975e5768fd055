import { parentPort, workerData } from 'node:worker_threads'
import { loadPipelineText, readPipelineText } from '@kav/core/host'
import { isSecretKey } from '@kav/core/kit'
import { loadOptions } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { createSecretShelf, secretsIn } from '../privacy/secrets.ts'
import type { CheckAsk, CheckedText } from './check-messages.ts'

/** The thread of `check-text.ts`: checks one text, says what came of it, and is ended. */
async function check({ file, text: given, env, only }: CheckAsk): Promise<CheckedText> {
  const text = given ?? (await readPipelineText(file))
  // Its own deadline is that of the thread.
  const loader = createServerLoader(undefined, { trial: false, ...(only && { only }) })
  const result = await loadPipelineText(file, text, { ...loadOptions(env, loader), files: true })
  if (!result.ok) return { yaml: text.text, problems: result.problems }
  const { pipeline, warnings } = result
  // Known in this thread alone: what one text calls a secret may be a word of every call.
  const shelf = createSecretShelf()
  for (const secret of await secretsIn(pipeline)) shelf.add(secret)
  return {
    yaml: shelf.clean(text.text),
    problems: warnings.map((warning) => ({ ...warning, message: shelf.clean(warning.message) })),
    version: pipeline.version,
    effective: JSON.parse(shelf.clean(JSON.stringify(withoutSecretFields(pipeline.config)))) as unknown,
  }
}

/** What is known to be secret is hidden in every answer; here goes what only its name says it of, too. */
function withoutSecretFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecretFields)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    isSecretKey(key) && typeof one === 'string' ? '(secret)' : withoutSecretFields(one),
  ])
  return Object.fromEntries(entries)
}

parentPort!.postMessage(await check(workerData as CheckAsk))
