import type { LiveFinding } from '../../../contracts/plugin.ts'
import { LIVE_CHECK_PROMISES } from '../../promises/live-check-promises.ts'
import { expect, type ContractCase, within } from './contract-case.ts'
import { leavesNothingOpen } from './open-handles.ts'
import { catchStrayErrors } from './stray-errors.ts'

export interface LiveCheckContractOptions {
  /** `plugin.liveCheck` against servers in several states, by what each state is called; at least one that fails. */
  readonly checks: Readonly<Record<string, () => Promise<readonly LiveFinding[]>>>
  /** Whatever no finding may hold: the keys and tokens in the params of `checks`. */
  readonly secrets: readonly string[]
  /** The longest one check may take. Default 30 s. */
  readonly limitMs?: number
  /** How long sockets may take to disappear afterwards. Default 8 s. */
  readonly settleMs?: number
}

const PROVES = Object.keys(LIVE_CHECK_PROMISES).map((id) => `live-check.${id}`)

/** The contract of `Plugin.liveCheck`: each check ends in time, with findings that a person can act on. */
export function liveCheckContract(options: LiveCheckContractOptions): ContractCase[] {
  const { checks, secrets, limitMs = 30_000, settleMs = 8_000 } = options
  return Object.entries(checks).map(([state, check]) => ({
    name: `live check, ${state}: ends in time with findings, each with a fix unless it is ok`,
    proves: PROVES,
    timeoutMs: limitMs + settleMs + 5_000,
    run: () =>
      catchStrayErrors(() =>
        leavesNothingOpen(settleMs, 'the live check ended', async () => {
          const findings = await within(check(), limitMs, 'the live check to end')
          expect(findings.length > 0, 'at least one finding', 'there is none')
          for (const finding of findings) judge(finding, secrets)
        }),
      ),
  }))
}

function judge({ level, message, fix }: LiveFinding, secrets: readonly string[]): void {
  expect(['ok', 'warning', 'error'].includes(level), 'a level of ok, warning or error', `it is ${level}`)
  expect(isLine(message), 'a message of one line', `it is ${JSON.stringify(message)}`)
  if (level !== 'ok') {
    expect(fix !== undefined, `a fix for "${message}"`, 'there is none')
    expect(isLine(fix) && /^[A-Z]/.test(fix), 'a fix that is one sentence', `it is ${JSON.stringify(fix)}`)
  }
  const leaked = secrets.find((secret) => `${message}\n${fix ?? ''}`.includes(secret))
  expect(leaked === undefined, 'no secret in a finding', `one is in "${message}"`)
}

/** Short enough to be read on a terminal. */
function isLine(text: string): boolean {
  return text.trim() !== '' && text.length <= 600 && !/[\r\n]/.test(text)
}
