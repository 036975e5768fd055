import type { TransportCall } from '../../contracts/transport.ts'
import { playTones } from '../../tools/play-tones.ts'
import type { ToolKit } from '../../tools/tool-kit.ts'
import type { CallLanguage } from './call-language.ts'
import { createLanguageTool } from './language-tool.ts'
import { BASIC_TOOL_BOX, type ToolBox } from '../../tools/tool-box.ts'
import type { TxLine } from '../speaking/tx-line.ts'

/** The pipeline's tools for one call, with what the call lends them. */
export function createCallToolBox(parts: {
  kit: ToolKit | undefined
  call: TransportCall
  language: CallLanguage
  /** Where tones go. */
  line: Pick<TxLine, 'write' | 'room' | 'cue' | 'epoch'>
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
    playTones: (frames, signal) => playTones(line, frames, signal),
    extra: languageTool ? [languageTool] : [],
  })
}
