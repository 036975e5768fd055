import { type LiveFinding, messageOf, type PluginContext } from '@kav/core'
import { finding, LIVE_CHECK_MS, withDeadline } from '@kav/core/kit'
import { DEBIAN_PACKAGES } from './find-installation.ts'
import type { PocketsphinxParams } from './params.ts'
import { createPocketsphinxProvider } from './provider.ts'

const INSTALL = `Install ${DEBIAN_PACKAGES.join(' and ')} (Debian, Ubuntu), or set library and model_dir to where they are.`

/** Opens a session as a call does: library, English model and dictionary have to be here and fit each other. */
export async function liveCheck(
  params: PocketsphinxParams,
  context: PluginContext,
): Promise<readonly LiveFinding[]> {
  const provider = createPocketsphinxProvider(params, context)
  const { signal } = new AbortController()
  // A conversation brings its own phrases; these are for the question whether there is an engine.
  const hints = params.hints.length > 0 ? params.hints : ['yes', 'no']
  try {
    const opening = provider.openSession({
      callId: 'live-check',
      format: provider.accepts[0]!,
      hints,
      signal,
    })
    const session = await withDeadline(context.clock, LIVE_CHECK_MS, 'opening a session', opening)
    await session.close()
    return [
      finding.ok(
        'PocketSphinx and its English model are here and open a session; it understands English only',
      ),
    ]
  } catch (thrown) {
    return [finding.error(firstLine(messageOf(thrown)), INSTALL)]
  } finally {
    await provider.close()
  }
}

/** What the system's loader says may be long. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0]!.slice(0, 400)
}
