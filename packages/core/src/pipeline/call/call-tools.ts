import type { TransportCall } from '../../contracts/transport.ts'
import type { ToolCall, ToolKit } from '../../tools/tool-kit.ts'
import type { CallLanguage } from './call-language.ts'
import { createLanguageTool } from './language-tool.ts'
import { withoutWithheld } from './withheld-number.ts'
import { BASIC_TOOL_BOX, type ToolBox } from '../../tools/tool-box.ts'

/** The pipeline's tools for one call, with what the call lends them. */
export function createCallToolBox(parts: {
  kit: ToolKit | undefined
  call: TransportCall
  language: CallLanguage
  traceparent?: string | undefined
  /** Tones are part of what is being said. */
  playTones: ToolCall['playTones']
}): ToolBox {
  const { kit, call, language, traceparent, playTones } = parts
  if (!kit) return BASIC_TOOL_BOX
  const languageTool = createLanguageTool(language)
  return kit.toolBox({
    callId: call.id,
    // A service is not sent a number that is none.
    params: withoutWithheld(traceparent === undefined ? call.params : { ...call.params, traceparent }),
    language: () => language.tag(),
    format: call.format,
    canTransfer: call.transfer !== undefined,
    playTones,
    extra: languageTool ? [languageTool] : [],
  })
}
