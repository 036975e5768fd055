import type { TransportCall } from '../contracts/transport.ts'
import type { ToolKit } from '../tools/tool-kit.ts'
import type { CallLanguage } from './call-language.ts'
import { createLanguageTool } from './language-tool.ts'
import { BASIC_TOOL_BOX, type ToolBox } from './tool-box.ts'
import type { TxLine } from './tx-line.ts'

/** The pipeline's tools for one call, with what the call lends them. */
export function createCallToolBox(parts: {
  kit: ToolKit | undefined
  call: TransportCall
  language: CallLanguage
  line: TxLine
}): ToolBox {
  const { kit, call, language, line } = parts
  if (!kit) return BASIC_TOOL_BOX
  const languageTool = createLanguageTool(language)
  return kit.toolBox({
    callId: call.id,
    params: call.params,
    language: () => language.tag,
    format: call.format,
    canTransfer: call.transfer !== undefined,
    playTones: (frames, signal) => playTones(frames, line, signal),
    extra: languageTool ? [languageTool] : [],
  })
}

/** Tones go the way of all audio: through the tx-queue, behind what is being said. */
async function playTones(frames: readonly Uint8Array[], line: TxLine, signal: AbortSignal): Promise<void> {
  for (const frame of frames) {
    while (!signal.aborted && !line.write(frame)) await line.room()
    if (signal.aborted) return
  }
  await line.cue()
}
