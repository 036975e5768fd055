import type { Clock } from '../../contracts/clock.ts'
import type { TransportCall } from '../../contracts/transport.ts'
import { fillerLinesFor } from '../../language/filler-lines.ts'
import { fillTemplate } from '../../language/template.ts'
import { nowInWords } from '../../language/now-in-words.ts'
import type { CallSettings } from '../call-settings.ts'
import { mapValues } from '../../kit/map-values.ts'
import { tellWithheld, withoutWithheld } from './withheld-number.ts'

/** What `{{name}}` stands for in one call. */
export type CallValues = Readonly<Record<string, string>>

export interface CallTexts {
  /** With the call's values in every line that is spoken; greeting and prompt keep their places. */
  readonly settings: CallSettings
  /** For what is spoken: without numbers that are withheld. */
  readonly values: CallValues
  /** For the model's prompt: such a number is `withheld`, so that the model knows. */
  readonly promptValues: CallValues
  /** The transport's own, for the record: likewise. */
  readonly recorded: CallValues
  /** Whether the lines hold values of this call: then they are the caller's own, and must not be kept. */
  readonly linesAreOwn: boolean
}

/** The values of a call (those of the transport, and `now`) and the lines that are filled from them. */
export function textsOfCall(
  settings: CallSettings,
  call: Pick<TransportCall, 'params'>,
  clock: Clock,
): CallTexts {
  const { conversation } = settings
  const now = nowInWords(clock.wallMs(), conversation.language, conversation.timeZone)
  const recorded = tellWithheld(call.params)
  const values: CallValues = { now, ...withoutWithheld(call.params) }
  const ofCall = { values, promptValues: { now, ...recorded }, recorded }
  const { fallbackLine, transferFailedLine, giveUp, idle, unclear, tools, filler } = conversation
  const lines = [
    fallbackLine,
    transferFailedLine,
    unclear.line,
    idle.farewell,
    ...idlePrompts(idle),
    ...tools.fillerTexts,
    ...(filler?.texts ?? []),
    giveUp?.say ?? '',
  ]
  if (!lines.some((line) => line.includes('{{'))) return { settings, ...ofCall, linesAreOwn: false }
  const fill = (text: string): string => fillTemplate(text, values)
  const filled: CallSettings = {
    ...settings,
    conversation: {
      ...conversation,
      fallbackLine: fill(fallbackLine),
      transferFailedLine: fill(transferFailedLine),
      ...(giveUp && { giveUp: { ...giveUp, say: fill(giveUp.say) } }),
      unclear: { ...unclear, line: fill(unclear.line) },
      idle: filledIdle(idle, fill),
      tools: { ...tools, fillerTexts: tools.fillerTexts.map(fill) },
      ...(filler?.texts && { filler: { ...filler, texts: filler.texts.map(fill) } }),
    },
  }
  return { settings: filled, ...ofCall, linesAreOwn: true }
}

type IdleSettings = CallSettings['conversation']['idle']

/** Every prompt that may be spoken to an idle caller. */
export function idlePrompts({ prompts, byQuestion = {} }: IdleSettings): readonly string[] {
  return [...prompts, ...Object.values(byQuestion).flatMap((own) => own.prompts ?? [])]
}

function filledIdle(idle: IdleSettings, fill: (text: string) => string): IdleSettings {
  return {
    ...idle,
    prompts: idle.prompts.map(fill),
    farewell: fill(idle.farewell),
    ...(idle.byQuestion && {
      byQuestion: mapValues(idle.byQuestion, (own) => ({
        ...own,
        ...(own.prompts && { prompts: own.prompts.map(fill) }),
      })),
    }),
  }
}

/** What may be said where an answer is late: the pipeline's own, or those of the call's language. */
export function fillerTexts({ filler }: CallSettings['conversation'], language: string): readonly string[] {
  return filler ? (filler.texts ?? fillerLinesFor(language)) : []
}
