import { root } from './run.mjs'

/** Where tests and measurements find the model. */
export const SMART_TURN_MODEL = `${root}.cache/smart-turn/smart-turn-v3.2-cpu.onnx`

/** Has the built plugin fetch its model, once. Says why where it cannot; the tests that want it are skipped then. */
export async function ensureSmartTurnModel(log = console.log) {
  const { fetchModel } = await import('../packages/plugin-smart-turn/dist/fetch-model.js')
  const found = await fetchModel({ model: SMART_TURN_MODEL, python: 'python3' }, { baseDir: root })
  for (const { level, message } of found) {
    if (level === 'error') log(`Smart Turn SKIPPED: ${message}`)
  }
}
