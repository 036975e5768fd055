import type { LlmTool } from '../contracts/llm.ts'
import { delay } from '../kit/deadline.ts'
import { HANG_UP_TOOL } from './tool-box.ts'
import { keysCut } from './cut-words.ts'
import { compileArguments } from './argument-check.ts'
import { dtmfDurationMs, dtmfTaken, dtmfTones } from './dtmf-tones.ts'
import type { RunnableTool } from './runnable-tool.ts'
import type { ToolSettings, TransferSettings } from './tool-settings.ts'

/** Names no other tool may have, switched on or not: a model must find the same thing under them everywhere. */
export const BUILT_IN_NAMES: readonly string[] = [
  'hang_up',
  'transfer',
  'press_keys',
  'wait',
  'switch_language',
]

const MAX_WAIT_SECONDS = 30
const MAX_KEYS = 32
/** For tools that are done at once. */
const INSTANT_MS = 5000
/** Longest that what was said before may still be going out. */
const QUEUED_MS = 60_000

/** The built-in tools that the settings switch on. */
export function createBuiltInTools(settings: ToolSettings): RunnableTool[] {
  return [
    ...(settings.hangUp ? [hangUp()] : []),
    ...(settings.transfer === undefined ? [] : [transfer(settings.transfer)]),
    ...(settings.pressKeys ? [pressKeys()] : []),
    ...(settings.wait ? [wait()] : []),
  ]
}

function builtIn(
  tool: LlmTool,
  part: Pick<RunnableTool, 'run' | 'tellsWhenCut' | 'ends'> & { timeoutMs?: number; silent?: boolean },
): RunnableTool {
  const compiled = compileArguments(tool.parameters)
  if (!compiled.ok) throw new Error(`${tool.name}: ${compiled.reason}`)
  return { timeoutMs: INSTANT_MS, silent: false, ...part, tool, check: compiled.check }
}

function hangUp(): RunnableTool {
  return builtIn(HANG_UP_TOOL, {
    ends: true,
    run: async () => ({ content: 'The call ends after your words.', thenEnd: { how: 'hang-up' } }),
  })
}

/** The model says a name; only the file says numbers. */
function transfer({ numbers, description }: TransferSettings): RunnableTool {
  const tool: LlmTool = {
    name: 'transfer',
    description:
      `Puts the caller through to another line once they have heard everything you said; you leave the call. ` +
      `Say what you are doing first.${description === undefined ? '' : ` ${description}`}`,
    parameters: {
      type: 'object',
      properties: { to: { type: 'string', enum: Object.keys(numbers), description: 'Whom to reach.' } },
      required: ['to'],
      additionalProperties: false,
    },
  }
  return builtIn(tool, {
    ends: true,
    run: async ({ to }) => ({
      content: `The caller is put through to ${String(to)} after your words.`,
      thenEnd: { how: 'transfer', to: numbers[String(to)] ?? '' },
    }),
  })
}

function pressKeys(): RunnableTool {
  const tool: LlmTool = {
    name: 'press_keys',
    description:
      'Sends touch tones on the line, for a machine at the other end (a menu, an extension). Say nothing meanwhile.',
    parameters: {
      type: 'object',
      properties: {
        keys: {
          type: 'string',
          pattern: `^[0-9A-D*#w]{1,${MAX_KEYS}}$`,
          description: 'Keys in order: 0-9, *, #, A-D; w waits half a second. Example: "12w3#".',
        },
      },
      required: ['keys'],
      additionalProperties: false,
    },
  }
  return builtIn(tool, {
    silent: true,
    timeoutMs: dtmfDurationMs('w'.repeat(MAX_KEYS)) + QUEUED_MS,
    tellsWhenCut: true,
    async run({ keys }, { format, playTones, signal }) {
      const asked = String(keys)
      const played = await playTones(dtmfTones(asked, format), signal)
      const taken = played.outcome === 'played' ? asked : dtmfTaken(asked, played.playedMs)
      if (played.outcome === 'played' || taken === asked) return { content: 'The keys were sent.' }
      return { content: keysCut(played.by, asked.length, sentOf(taken)), failed: true }
    },
  })
}

function sentOf(taken: string): string {
  return taken === '' ? 'none of the keys was sent' : `only the first ${taken.length} were sent (${taken})`
}

function wait(): RunnableTool {
  const tool: LlmTool = {
    name: 'wait',
    description:
      'Stays silent for a while, when the caller asks for time or is doing something. Ends early when the caller speaks.',
    parameters: {
      type: 'object',
      properties: {
        seconds: {
          type: 'number',
          minimum: 1,
          maximum: MAX_WAIT_SECONDS,
          description: `How long, 1 to ${MAX_WAIT_SECONDS}.`,
        },
      },
      required: ['seconds'],
      additionalProperties: false,
    },
  }
  return builtIn(tool, {
    silent: true,
    timeoutMs: MAX_WAIT_SECONDS * 1000 + QUEUED_MS,
    async run({ seconds }, { clock, playTones, signal }) {
      // The silence begins when what was said before it has gone out.
      await playTones([], signal)
      await delay(clock, Number(seconds) * 1000, signal)
      return { content: `${String(seconds)} seconds went by; the caller said nothing.` }
    },
  })
}
