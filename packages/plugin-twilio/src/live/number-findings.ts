import type { LiveFinding } from '@kav/core'
import { finding } from '@kav/core/kit'
import { enter, judgeNumber } from './judge-number.ts'
import { type PhoneNumber, readApplication, readPhoneNumber } from './phone-number.ts'
import type { TwilioRest } from './twilio-rest.ts'

/** The most Twilio gives at once. */
const PAGE_SIZE = 1000
const MAX_PAGES = 10
const MAX_APPS = 50
/** Findings of one kind are told one by one up to here. */
const MAX_TOLD = 20

/**
 * Whether calls to the account's numbers arrive at `ours`.
 *
 * @param mayComeOtherwise TwiML that is not ours may order streams: then no number has to point here.
 */
export async function numberFindings(
  rest: TwilioRest,
  ours: string,
  mayComeOtherwise: boolean,
): Promise<readonly LiveFinding[]> {
  const listed = await readNumbers(rest)
  if (listed.refused) return [listed.refused]
  const { numbers, isWhole } = listed
  if (numbers.length === 0) {
    if (mayComeOtherwise) return [OTHERWISE]
    return [
      finding.error(
        'the account has no phone number',
        `Buy one, or set the SID and the token of the subaccount that has it; then enter ${ours} as its voice webhook.`,
      ),
    ]
  }
  const apps = await readApps(rest, numbers)
  const judged = numbers.map((number) => judgeNumber(number, ours, apps.get(number.applicationSid)))
  const arrives = judged.some((one) => one.arrives)
  const findings = judged.flatMap((one) => [...one.findings, ...(arrives ? [] : one.doubts)])
  const fine = findings.filter(({ level }) => level === 'ok')
  const wrong = findings.filter(({ level }) => level !== 'ok')
  return [
    ...few(wrong, (more) =>
      finding.error(`${more} more findings of this kind`, 'Correct these, and ask again.'),
    ),
    ...(judged.some((one) => one.isMeant)
      ? []
      : [mayComeOtherwise ? OTHERWISE : nobody(numbers, isWhole, ours)]),
    ...few(fine, (more) => finding.ok(`${more} more numbers point to ${ours}`)),
  ]
}

function few(all: readonly LiveFinding[], rest: (more: number) => LiveFinding): readonly LiveFinding[] {
  return all.length > MAX_TOLD ? [...all.slice(0, MAX_TOLD), rest(all.length - MAX_TOLD)] : all
}

/** No number points here, nor was meant to. */
function nobody(numbers: readonly PhoneNumber[], isWhole: boolean, ours: string): LiveFinding {
  const [only, ...others] = numbers
  const who = others.length === 0 ? only!.number : 'the number that callers dial'
  if (!isWhole) {
    const message = `none of the first ${numbers.length} numbers of the account points to ${ours}`
    return finding.warning(message, enter(who, ours))
  }
  const count =
    others.length === 0
      ? `the account's number ${who} does not point`
      : `none of the account's ${numbers.length} numbers points`
  return finding.error(`${count} to ${ours}: no call arrives`, enter(who, ours))
}

const OTHERWISE = finding.warning(
  'no number of the account points to the voice webhook: calls come by TwiML of your own alone',
  'Let that TwiML order a stream to public_url with media_path, and place a call.',
)

type Numbers =
  | { readonly refused: LiveFinding }
  | { readonly refused?: undefined; readonly numbers: readonly PhoneNumber[]; readonly isWhole: boolean }

async function readNumbers(rest: TwilioRest): Promise<Numbers> {
  const numbers: PhoneNumber[] = []
  let next: unknown = `/IncomingPhoneNumbers.json?PageSize=${PAGE_SIZE}`
  for (let page = 0; page < MAX_PAGES && typeof next === 'string' && next !== ''; page++) {
    const answer = await rest.get(next)
    if (!answer.ok) return page === 0 ? { refused: answer.refused } : { numbers, isWhole: false }
    const entries: unknown = answer.fields['incoming_phone_numbers']
    if (Array.isArray(entries))
      numbers.push(...entries.map(readPhoneNumber).filter((one) => one !== undefined))
    next = answer.fields['next_page_uri']
  }
  return { numbers, isWhole: typeof next !== 'string' || next === '' }
}

/** The TwiML Apps that numbers name; one that cannot be read is left out. */
async function readApps(rest: TwilioRest, numbers: readonly PhoneNumber[]) {
  const sids = new Set(numbers.map((number) => number.applicationSid).filter((sid) => sid !== ''))
  const apps = new Map<string, ReturnType<typeof readApplication>>()
  for (const sid of [...sids].slice(0, MAX_APPS)) {
    const answer = await rest.get(`/Applications/${encodeURIComponent(sid)}.json`)
    if (answer.ok) apps.set(sid, readApplication(answer.fields))
  }
  return apps
}
