import type { CutBy } from '../kit/cut.ts'

/** What the model is told of the calls that a cut reply leaves behind. */

const WHO_CUT: Readonly<Record<CutBy, string>> = {
  caller: 'the caller spoke',
  operator: 'a supervisor stopped you',
  end: 'the call ended',
  other: 'you were stopped',
}

/** Of a call whose end is not known. */
export const MAY_HAVE_BEEN = 'It may have been carried out all the same.'

/** Of one that was running: it is not undone by that. */
export function interruptedTool(by: CutBy): string {
  return `${sentence(by)} before the tool had answered. ${MAY_HAVE_BEEN.slice(0, -1)}; its result is not known.`
}

/** And of one that had not begun. */
export function unusedTool(by: CutBy): string {
  return `Not carried out: ${WHO_CUT[by]} first.`
}

/** Of one that was to end the call. */
export function stayedOn(by: Exclude<CutBy, 'end'>): string {
  return `${sentence(by)} before the call ended, so it goes on.`
}

/** Of keys that were not all sent. `sent`: how many were, in words. */
export function keysCut(by: CutBy, asked: number, sent: string): string {
  return `Cut off, since ${WHO_CUT[by]}: of ${asked} keys, ${sent}.`
}

function sentence(by: CutBy): string {
  const who = WHO_CUT[by]
  return who[0]!.toUpperCase() + who.slice(1)
}
