// The servers that are played to, each with a way to reach it: `{ serverFor(scenario), stop() }`.

import { startChild } from '../../lib/children.mjs'
import { startPipecat } from '../../pipecat/start-server.mjs'

/** The scripted recogniser's slowest finals come 1.3 s after speech: what pipecat's documentation says to measure. */
const MEASURED_P99_S = '1.3'
/** Of the fastest services that pipecat knows: it then waits for nothing but the text. */
const FAST_P99_S = '0.35'
const LANGUAGES = ['en-US', 'he-IL']

/** `start(servicesUrl, python)` opens one for one call at a time. */
export const SYSTEMS = [
  { name: 'Kav', start: startKav },
  { name: 'pipecat, defaults', start: pipecat('default', MEASURED_P99_S) },
  { name: 'pipecat, defaults, told of a fast recogniser', start: pipecat('default', FAST_P99_S) },
  { name: 'pipecat, 0.6 s of silence', start: pipecat('timeout', FAST_P99_S) },
  { name: 'pipecat, three words to interrupt', start: pipecat('min-words', FAST_P99_S) },
  { name: 'pipecat, a detector that knows the truth', start: pipecat('sure', FAST_P99_S) },
]

/** A process for each language, which is the pipeline's. */
async function startKav(servicesUrl) {
  const children = await Promise.all(
    LANGUAGES.map((language) =>
      startChild('servers/kav.mjs', {
        args: ['turn-taking.yaml'],
        env: { BENCH_SERVICES_URL: servicesUrl, BENCH_LANGUAGE: language },
      }),
    ),
  )
  return {
    serverFor: ({ language }) => children[LANGUAGES.indexOf(language)].ready,
    stop: () => Promise.all(children.map((child) => child.stop())),
  }
}

function pipecat(rules, ttfsP99) {
  return async (servicesUrl, python) => {
    const args = ['--services', servicesUrl, '--rules', rules, '--ttfs-p99', ttfsP99]
    const { ready, stop } = await startPipecat(python, args, 'turn_taking_server.py')
    return { serverFor: () => ready, stop }
  }
}
