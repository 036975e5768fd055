import { parentPort, workerData } from 'node:worker_threads'
import { join } from 'node:path'
import { loadFliteEngine, type FliteEngine } from '../flite/flite-engine.ts'
import { createSileroModel, type SileroModel } from '../vad/silero-model.ts'
import { loadSileroWeights } from '../vad/silero-weights.ts'
import { compileConversationModel, type ConversationModel } from './conversation-model.ts'
import { loadPocketsphinxLibrary, type PocketsphinxLibrary } from './pocketsphinx-library.ts'
import { createRecognition, type Recognition } from './recognition.ts'
import { createUtteranceDecoder, lowestMargin } from './utterance-decoder.ts'
import type { RecogniserReply, RecogniserRequest, RecogniserWorkerData } from './worker-messages.ts'

// Everything that costs time happens in this thread: models are compiled, audio is decoded, words are found.

const { installation } = workerData as RecogniserWorkerData
const sessions = new Map<number, Recognition>()
/** The last few conversations' models: calls of one pipeline share them. */
const models = new Map<string, ConversationModel>()
const MAX_MODELS = 8
let engines: Promise<{ library: PocketsphinxLibrary; vad: SileroModel }> | undefined
let flite: FliteEngine | undefined

const reply = (message: RecogniserReply): void => parentPort?.postMessage(message)

/** Requests are handled one after the other: a session's audio must not overtake its opening. */
let queue: Promise<void> = Promise.resolve()
parentPort?.on('message', (request: RecogniserRequest) => {
  queue = queue.then(() => handle(request))
})

async function handle(request: RecogniserRequest): Promise<void> {
  if (request.type === 'shutdown') {
    for (const session of sessions.keys()) free(session)
    parentPort?.close()
    return
  }
  try {
    if (request.type === 'open') await open(request)
    else if (request.type === 'audio') write(request)
    else if (request.type === 'finish') finish(request.session)
    else close(request.session)
  } catch (thrown) {
    free(request.session)
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    reply({ type: 'failed', session: request.session, errorClass: 'bad-data', message })
  }
}

async function open({ session, settings }: RecogniserRequest & { type: 'open' }): Promise<void> {
  const refuse = (message: string): void =>
    reply({ type: 'failed', session, errorClass: 'bad-request', message })
  const { library, vad } = await (engines ??= loadEngines())
  const model = compiledModel(settings.phrases)
  if (model === undefined) {
    refuse('PocketSphinx has no phrase to listen for: give it hints (params.hints, or a scripted llm)')
    return
  }
  const decoder = createUtteranceDecoder(library, installation, model)
  if (decoder === undefined) {
    refuse(`PocketSphinx refuses its model: check the files in ${installation.modelDir}`)
    return
  }
  const rejectBelow = settings.rejectBelow ?? lowestMargin(model.vocabulary)
  sessions.set(
    session,
    createRecognition(
      decoder,
      vad,
      { ...settings, rejectBelow },
      {
        event: (event) => reply({ type: 'event', session, event }),
        rejected: (margin, speechMs) =>
          reply({ type: 'rejected', session, speechMs, ...(Number.isFinite(margin) && { margin }) }),
      },
    ),
  )
  const { vocabulary, unknownWords, derivedWords } = model
  reply({ type: 'opened', session, vocabulary, unknownWords, derivedWords })
}

async function loadEngines(): Promise<{ library: PocketsphinxLibrary; vad: SileroModel }> {
  const library = loadPocketsphinxLibrary(installation.library)
  return { library, vad: createSileroModel(await loadSileroWeights(8000)) }
}

function compiledModel(phrases: readonly string[]): ConversationModel | undefined {
  const key = phrases.join('\n')
  const known = models.get(key)
  if (known) return known
  const dictionaryFile = join(installation.modelDir, 'cmudict-en-us.dict')
  const model = compileConversationModel(phrases, dictionaryFile, soundOf)
  if (model === undefined) return undefined
  const [oldest] = models.keys()
  if (models.size >= MAX_MODELS && oldest !== undefined) models.delete(oldest)
  models.set(key, model)
  return model
}

function soundOf(word: string): string | undefined {
  // The rules know the Latin alphabet only; from anything else they would read nonsense.
  if (!/^[a-z']+$/.test(word)) return undefined
  flite ??= loadFliteEngine()
  return flite.phones(word)
}

function write({ session, bytes, skippedBytes }: RecogniserRequest & { type: 'audio' }): void {
  const startMs = performance.now()
  sessions.get(session)?.write(bytes, skippedBytes)
  reply({ type: 'taken', session, bytes: bytes.length, busyMs: performance.now() - startMs })
}

function finish(session: number): void {
  const recognition = sessions.get(session)
  if (recognition === undefined) return
  recognition.finish()
  free(session)
  reply({ type: 'ended', session })
}

function close(session: number): void {
  free(session)
  reply({ type: 'closed', session })
}

function free(session: number): void {
  sessions.get(session)?.free()
  sessions.delete(session)
}
