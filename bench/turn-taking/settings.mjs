// Settings of the command line as a map over the pipeline file's keys.

import { scriptPipeline } from '../../packages/core/dist/testing/index.js'

/** `['stt.TIMEOUT_MS=200']` -> `{ stt: { TIMEOUT_MS: 200 } }`. Throws for what the pipeline does not have. */
export function readSettings(texts) {
  const settings = {}
  for (const text of texts) {
    const [path, value] = text.split(/=(.*)/su).map((part) => part.trim())
    const keys = path.split('.')
    if (value === undefined || valueAt(path.replace(/^stt\./u, 'stt.params.')) === undefined) {
      throw new Error(
        `--set ${text}: not a setting of the pipeline, as in conversation.turns.number_wait_ms=700`,
      )
    }
    const last = keys.pop()
    const map = keys.reduce((under, key) => (under[key] ??= {}), settings)
    map[last] = parse(value)
  }
  return settings
}

/** `'short: stt.TIMEOUT_MS=200, …'` -> `{ name, settings: [text] }`. */
export function readVariant(text) {
  const [name, settings] = text.split(/:(.*)/su)
  if (settings === undefined) throw new Error(`--variant ${text}: wants a name, a colon and settings`)
  return { name: name.trim(), settings: settings.split(',').map((one) => one.trim()) }
}

function valueAt(path) {
  return path.split('.').reduce((under, key) => under?.[key], scriptPipeline({}))
}

function parse(value) {
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
