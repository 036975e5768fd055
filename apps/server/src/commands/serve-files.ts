import type { EnvFile } from '../env-file.ts'
import { defaultPipeline } from '../open-pipeline.ts'
import { createServerLoader, type ImportModule } from '../plugins.ts'
import { RedactionsSoFar } from '../privacy/redactions-of.ts'
import { hideEnvironment } from '../privacy/secrets.ts'
import type { ReadFiles } from '../service/call-server.ts'
import { checkSources, readSources } from '../service/pipeline-files.ts'

/** The files of a service, as they are now. */
export interface ServeFiles {
  read(): Promise<ReadFiles>
  /** With the environment as it is now. */
  reread(): Promise<ReadFiles>
  /** What the pipelines take out of texts, those that were read before included. */
  readonly redactions: RedactionsSoFar
}

/** Without paths it is the pipeline that comes with Kav. */
export function serveFiles(
  paths: readonly string[],
  env: NodeJS.ProcessEnv,
  variables: Pick<EnvFile, 'again'>,
  importModule?: ImportModule,
): ServeFiles {
  const redactions = new RedactionsSoFar()

  async function read(): Promise<ReadFiles> {
    const sources = await readSources(paths.length === 0 ? [defaultPipeline()] : paths)
    const checked = await checkSources(sources, env, createServerLoader(importModule))
    redactions.use(checked.loaded)
    return { sources, checked }
  }

  function reread(): Promise<ReadFiles> {
    variables.again()
    hideEnvironment(env)
    return read()
  }
  return { read, reread, redactions }
}
