import { createFakeClock, liveCheckContract, testContext } from '@kav/core/testing'
import { afterEach, describe, expect, it } from 'vitest'
import twilio from '../src/index.ts'
import { compareWebhook } from '../src/live/webhook-url.ts'
import { type AccountDouble, type AccountScript, openAccountDouble } from '../testing/account-double.ts'
import { ACCOUNT_SID } from '../testing/twilio-stream.ts'

const TOKEN = 'secret-auth-token'
const OURS = 'https://voice.example.com/twilio/voice'
const opened: AccountDouble[] = []
afterEach(async () => {
  for (const double of opened.splice(0)) await double.close()
})

async function open(script: AccountScript): Promise<AccountDouble> {
  const double = await openAccountDouble(TOKEN, script)
  opened.push(double)
  return double
}

const check = (api_base_url: string, given: object = {}, context = testContext()) =>
  twilio.liveCheck!(
    {
      account_sid: ACCOUNT_SID,
      auth_token: TOKEN,
      public_url: 'https://voice.example.com/',
      api_base_url,
      ...given,
    },
    context,
  )

/** What is said of numbers: neither the account's state nor the clock. */
async function ofNumbers(numbers: readonly Readonly<Record<string, unknown>>[], more: AccountScript = {}) {
  const findings = await check((await open({ numbers, ...more })).url)
  expect(JSON.stringify(findings)).not.toContain(TOKEN)
  return findings.filter(({ message }) => !/^Twilio takes|clock/.test(message))
}

describe('the numbers', () => {
  it('one that points here is right, at any spelling whose signature fits, with a query of its own', async () => {
    const urls = [OURS, 'https://voice.example.com:443/twilio/voice', `${OURS}?lead=7`, `${OURS}#rc=2`]
    for (const voice_url of urls) {
      const findings = await ofNumbers([{ voice_url }, {}])
      expect(findings, voice_url).toEqual([{ level: 'ok', message: `+15005550006 points to ${OURS}` }])
    }
  })

  it.each([
    ['http', 'http://voice.example.com/twilio/voice', /it is http/],
    ['a slash too many', `${OURS}/`, /slash/],
    ['capitals', 'https://voice.example.com/Twilio/Voice', /capitals/],
    ['a user name', 'https://me:secret@voice.example.com/twilio/voice', /user name/],
    ['capitals in its host', 'https://Voice.example.com/twilio/voice', /host is spelled otherwise/],
    ['no path', 'https://voice.example.com', /no path/],
    ['a port', 'https://voice.example.com:8443/twilio/voice', /port is 8443/],
    ['another path', 'https://voice.example.com/twilio/media', /its path is \/twilio\/media/],
    ['a prefix', 'https://voice.example.com/kav/twilio/voice', /its path is/],
  ])('one that nearly points here is told: %s', async (_what, voice_url, why) => {
    const [found, ...more] = await ofNumbers([{ voice_url }, {}])
    expect(more).toEqual([])
    expect(found).toMatchObject({
      level: 'error',
      message: expect.stringMatching(why),
      fix: `Enter ${OURS} (Webhook, HTTP POST) under "A call comes in" of +15005550006 in the Twilio console.`,
    })
    expect(JSON.stringify(found)).not.toContain('secret')
  })

  it('another service on our host is left alone where a number arrives; a slip never is', async () => {
    const others = [{ voice_url: 'https://voice.example.com:8443/twilio/voice' }, { voice_url: `${OURS}/` }]
    const levels = (await ofNumbers([{ voice_url: OURS }, ...others])).map(({ level }) => level)
    expect(levels).toEqual(['error', 'ok'])
  })

  it('none of them is told with the URL to enter', async () => {
    expect(await ofNumbers([{}])).toEqual([
      {
        level: 'error',
        message: `the account's number +15005550006 does not point to ${OURS}: no call arrives`,
        fix: expect.stringContaining(`Enter ${OURS}`),
      },
    ])
    expect((await ofNumbers([{}, {}]))[0]!.message).toContain("none of the account's 2 numbers points")
    expect((await ofNumbers([]))[0]).toMatchObject({ level: 'error', fix: expect.stringContaining(OURS) })
  })

  it.each<[string, object, RegExp, RegExp]>([
    ['asks by GET', { voice_method: 'GET' }, /by GET/, /HTTP POST/],
    ['has an app', { voice_application_sid: 'AP1' }, /TwiML App AP1/, /Choose "Webhook"/],
    ['has an app that is gone', { voice_application_sid: 'AP9' }, /TwiML App AP9/, /Choose "Webhook"/],
    ['is in a trunk', { trunk_sid: 'TK1' }, /SIP trunk TK1/, /out of the trunk/],
    ['takes no calls', { capabilities: { voice: false } }, /messages only/, /voice capability/],
  ])('one that points here and %s gets no call to us', async (_what, fields, message, fix) => {
    const applications = { AP1: { voice_url: 'https://elsewhere.example.com/' } }
    const findings = await ofNumbers([{ voice_url: OURS, ...fields }], { applications })
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({
      level: 'error',
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    })
  })

  it('one whose app points here is right', async () => {
    const numbers = [{ voice_url: '', voice_application_sid: 'AP1' }]
    const findings = await ofNumbers(numbers, { applications: { AP1: { voice_url: OURS } } })
    expect(findings).toEqual([{ level: 'ok', message: `+15005550006 (TwiML App AP1) points to ${OURS}` }])
  })

  it('the voice webhook as status callback is told', async () => {
    const findings = await ofNumbers([{ voice_url: OURS, status_callback: OURS }])
    expect(findings.map(({ level }) => level)).toEqual(['error', 'ok'])
    expect(findings[0]!.fix).toContain('Call status changes')
  })

  it('a number that has us as status callback alone gets its calls elsewhere', async () => {
    const findings = await ofNumbers([{ status_callback: OURS }])
    expect(findings.map(({ message }) => /status callback|no call arrives/.exec(message)?.[0])).toEqual([
      'status callback',
      'no call arrives',
    ])
  })

  it('twenty of a kind are told, the others counted', async () => {
    const urls = Array.from({ length: 50 }, (_, index) => (index < 25 ? OURS : `${OURS}/`))
    const findings = await ofNumbers(urls.map((voice_url) => ({ voice_url })))
    expect(findings).toHaveLength(42)
    expect(findings[20]!.message).toBe('5 more findings of this kind')
    expect(findings[41]!.message).toBe(`5 more numbers point to ${OURS}`)
  })

  it('all pages are read', async () => {
    const numbers = [...Array.from({ length: 6 }, () => ({})), { phone_number: '+1', voice_url: OURS }]
    expect(await ofNumbers(numbers, { pageSize: 2 })).toEqual([
      { level: 'ok', message: `+1 points to ${OURS}` },
    ])
  })
})

describe('the account', () => {
  it.each<[string, AccountScript, RegExp, RegExp]>([
    ['suspended', { account: { status: 'suspended' } }, /is suspended/, /balance/],
    ['closed', { account: { status: 'closed' } }, /is closed/, /account that is open/],
    ['not active', { instead: { status: 401, code: 20005 } }, /not active/, /console/],
    ['another', { instead: { status: 401, code: 20003 } }, /refuses account_sid/, /primary auth token/],
    ['unknown', { instead: { status: 404, code: 20404 } }, /refuses account_sid/, /api_base_url/],
    ['of test credentials', { instead: { status: 403, code: 20008 } }, /test credentials/, /live/],
    ['of a page', { instead: { status: 404, html: '<html>' } }, /is not Twilio/, /api\.twilio\.com/],
    ['of a broken API', { instead: { status: 503, html: '<html>' } }, /HTTP 503/, /status\.twilio/],
  ])('that is %s', async (_what, script, message, fix) => {
    const [found] = await check((await open(script)).url)
    expect(found).toMatchObject({
      level: 'error',
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    })
  })

  it('that is a trial is told, and its numbers all the same', async () => {
    const double = await open({ account: { type: 'Trial' }, numbers: [{ voice_url: OURS }] })
    expect((await check(double.url)).map(({ level }) => level)).toEqual(['warning', 'ok', 'ok'])
  })

  it.each([
    [{ account_sid: '', auth_token: '' }, 'Set account_sid and auth_token as'],
    [{ account_sid: '' }, 'Set account_sid as'],
    [{ auth_token: '' }, 'Set auth_token as'],
  ])('that is not given is not asked', async (given, fix) => {
    const double = await open({})
    const findings = await check(double.url, given)
    expect(findings).toMatchObject([{ level: 'warning', fix: expect.stringContaining(fix) }])
    expect(double.asked).toEqual([])
  })

  describe('asked with an API key', () => {
    const KEY = { api_key_sid: `SK${'1'.repeat(32)}`, api_key_secret: 'the-key-secret' }
    const byKey = async (script: AccountScript) => {
      const double = await openAccountDouble(KEY.api_key_secret, script, KEY.api_key_sid)
      opened.push(double)
      const findings = await check(double.url, KEY)
      expect(JSON.stringify(findings)).not.toContain(KEY.api_key_secret)
      return findings
    }
    const numbers = [{ voice_url: OURS }]

    it('is told as with the auth token', async () => {
      const [found, ...more] = await byKey({ numbers })
      expect(found!.message).toBe('Twilio takes api_key_sid and api_key_secret; the account is active')
      expect(more.map(({ level }) => level)).toEqual(['ok', 'ok'])
    })

    it('that a standard key does not show is no fault of the key', async () => {
      const found = await byKey({ numbers, hides: 'account' })
      expect(found.map(({ level }) => level)).toEqual(['ok', 'ok', 'ok'])
      expect(found[0]!.message).toContain('does not show whether the account is active')
    })

    it('whose numbers a restricted key does not show is a warning', async () => {
      const [found] = await byKey({ numbers, hides: 'numbers' })
      expect(found).toMatchObject({ level: 'warning', fix: expect.stringContaining('read phone numbers') })
    })

    it('that is another one’s is an error, which names the key', async () => {
      const [found] = await check((await open({ numbers })).url, KEY)
      expect(found).toMatchObject({
        level: 'error',
        message: expect.stringContaining('Twilio refuses api_key_sid with api_key_secret'),
        fix: expect.stringContaining('API key'),
      })
    })
  })

  it('none of whose numbers points here is fine where TwiML of one’s own orders the streams', async () => {
    const findings = await check((await open({ numbers: [{}] })).url, { stream_token: 'optional' })
    expect(findings.map(({ level }) => level)).toEqual(['ok', 'warning', 'ok'])
  })

  it('without public_url the numbers are not compared', async () => {
    const findings = await check((await open({})).url, { public_url: '' })
    expect(findings[1]).toMatchObject({ level: 'warning', fix: expect.stringContaining('public_url') })
  })
})

describe('the clock', () => {
  it.each([
    [20_000, 'ok', /agrees/],
    [-20_000, 'ok', /agrees/],
    [40_000, 'warning', /40 s ahead of/],
    [-40_000, 'warning', /40 s behind/],
    [400_000, 'error', /400 s ahead of/],
    [-400_000, 'error', /400 s behind/],
  ])('that is %d ms off', async (offMs, level, message) => {
    const wallMs = Date.UTC(2030, 0, 1)
    const { clock } = createFakeClock({ wallMs })
    const double = await open({ date: new Date(wallMs - offMs).toUTCString() })
    const found = (await check(double.url, {}, testContext({ clock }))).at(-1)!
    expect(found).toMatchObject({ level, message: expect.stringMatching(message) })
    if (level !== 'ok') expect(found.fix).toContain('NTP')
  })

  it('is compared where the key is refused, too', async () => {
    const double = await open({
      instead: { status: 401, code: 20003 },
      date: 'Tue, 01 Jan 2030 00:00:00 GMT',
    })
    const findings = await check(double.url)
    expect(findings.map(({ level }) => level)).toEqual(['error', 'error'])
  })

  it('is not compared with what is no date', async () => {
    const findings = await check((await open({ date: 'yesterday' })).url)
    expect(findings.some(({ message }) => message.includes('clock'))).toBe(false)
  })
})

it('an API that says nothing is left after 10 s', async () => {
  const double = await open({ instead: 'silence' })
  const time = createFakeClock()
  const checking = check(double.url, {}, testContext({ clock: time.clock }))
  await expect.poll(() => double.asked.length).toBe(1)
  await time.advance(10_000)
  expect(await checking).toMatchObject([{ message: expect.stringContaining('no answer came in time') }])
})

it('comparing survives whatever stands in the console', () => {
  for (const written of [
    '',
    ' ',
    'voice.example.com',
    'tel:+1',
    'https://',
    '\u0000',
    '//voice.example.com/',
  ])
    expect(compareWebhook(written, OURS)).toEqual({ is: 'elsewhere' })
})

describe('the contract of a live check', () => {
  const cases = liveCheckContract({
    checks: {
      'without credentials': () => check('http://127.0.0.1:1', { auth_token: '' }),
      'without an API': async () => {
        const double = await openAccountDouble(TOKEN, {})
        await double.close()
        return check(double.url)
      },
      'with numbers': async () => {
        const double = await openAccountDouble(TOKEN, { numbers: [{ voice_url: `${OURS}/` }] })
        const findings = await check(double.url)
        await double.close()
        return findings
      },
    },
    secrets: [TOKEN],
  })
  for (const one of cases) it(one.name, one.run, one.timeoutMs)
})
