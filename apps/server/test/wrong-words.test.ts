import { TEMPLATE_KINDS } from 'create-kav-plugin'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { runCli } from '../src/cli.ts'

const NOBODY = 'http://127.0.0.1:9'

afterEach(() => vi.restoreAllMocks())

/** Runs `kav` with these words; a command that would ask somebody finds nobody. */
async function kav(...argv: readonly string[]) {
  const text = { out: '', err: '' }
  const into = (name: keyof typeof text) => (chunk: string | Uint8Array, done?: unknown) => {
    text[name] += String(chunk)
    if (typeof done === 'function') process.nextTick(done)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(into('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(into('err'))
  return { code: await runCli(argv), ...text }
}

describe('a word that is empty, as of a variable that is not set, is refused by the name of its place', () => {
  it.each([
    ['--host <address>', ['serve', '--host=']],
    ['--host <address>', ['dev', 'x.yaml', '--host', '']],
    ['--pipeline <file>', ['plugins', 'twilio', '--pipeline', '']],
    ['--live <pipeline>', ['plugins', '--live', '']],
    ['--pipeline <file>', ['test', '--pipeline=']],
    ['--pipeline <file>', ['fetch', 'smart-turn', '--pipeline=']],
    ['--say <wav>', ['call', 'http://127.0.0.1:9', '--say', 'hello.wav', '--say', '']],
    ['--auth-token <token>', ['call', 'http://127.0.0.1:9', '--auth-token', '']],
    ['--from <number>', ['calls', '--from', '']],
    ['--from <number>', ['calls', '--from', '', 'export']],
    ['--caller <number>', ['calls', 'erase', '--caller', '']],
    ['--name <name>', ['init', '--name=']],
    ['--dir <folder>', ['plugin', 'new', 'my-stt', '--kind', 'stt', '--dir', '']],
    ['pipelines', ['serve', '']],
    ['files', ['validate', 'a.yaml', '']],
    ['to', ['call', '']],
    ['id', ['calls', 'show', '']],
    ['folder', ['init', '']],
  ])('%s', async (place, argv) => {
    const { code, err } = await kav(...argv)
    expect(code).toBe(2)
    expect(err).toMatch(/^error: (?:option|argument) '/)
    expect(err).toContain(`${place}' is empty`)
  })
})

describe('a number of an option is written in digits, within its limits', () => {
  it.each([
    ['--port', ['reload', '--port']],
    ['--port', ['console', '--port']],
    ['--port', ['log-level', 'debug', '--port']],
    ['--port', ['serve', '--port']],
    ['--workers', ['serve', '--workers']],
    ['--first', ['bench', '--capacity', '--first']],
    ['--most', ['bench', '--capacity', '--most']],
    ['--seconds', ['bench', '--capacity', '--seconds']],
    ['--limit', ['calls', '--limit']],
  ])('%s of kav %j', async (option, argv) => {
    for (const value of ['', ' ', '1e1', '0x10', '1.0', '-1', 'x', '999999999999999999999']) {
      const { code, err } = await kav(...argv, value)
      expect([value, code]).toEqual([value, 2])
      expect(err).toContain(option)
      vi.restoreAllMocks()
    }
  })

  it('0 is a port to listen on, and none to ask at', async () => {
    for (const command of [['reload'], ['console'], ['log-level', 'debug']]) {
      const { code, err } = await kav(...command, '--port', '0')
      expect([code, err]).toEqual([2, expect.stringContaining('a port is 1 to 65535')])
      vi.restoreAllMocks()
    }
  })
})

describe('what makes no sense as it stands ends with 2, and names what to write', () => {
  it.each([
    ['--first 50 is more than --most 10', ['bench', '--capacity', '--first', '50', '--most', '10']],
    ['level loud: write one of trace, debug', ['log-level', 'loud']],
    ['--for 10: write 30s', ['log-level', 'debug', '--for', '10']],
    ['--for 0m: write 30s', ['log-level', 'debug', '--for', '0m']],
    ['--for 2d: write 30s', ['log-level', 'debug', '--for', '2d']],
    ['--live: name the scripts', ['test', '--live']],
    ['--schema wants the name', ['plugins', '--schema']],
    ['--pipeline gone.yaml: there is no such file', ['plugins', '--pipeline', 'gone.yaml']],
    ['--pipeline /: there is no such file', ['plugins', 'twilio', '--pipeline', '/']],
    ['gone.wav', ['call', NOBODY, '--say', 'gone.wav']],
    ['/gone.wav is not in', ['call', NOBODY, '--say', '/gone.wav']],
    ['gone.yaml: there is no such file', ['call', NOBODY, '--script', 'gone.yaml']],
    ["'--script <file>' cannot be used with option '--say", ['call', 'x', '--say', 'a', '--script', 'b']],
    ["'--script <file>' cannot be used with option '--say", ['verify', 'x', '--say', 'a', '--script', 'b']],
    ["'--schema' cannot be used with option '--live", ['plugins', 'x', '--schema', '--live', 'x.yaml']],
    ['http://: this is no address', ['call', 'http://']],
    ['ws://127.0.0.1:99999: this is no address', ['call', 'ws://127.0.0.1:99999']],
    ['localhost:8080: there is no such file; an address begins with', ['call', 'localhost:8080']],
    ['--url nonsense: this is no address', ['call', 'x.yaml', '--url', 'nonsense']],
    ['--public-url 127.0.0.1: this is no address', ['call', NOBODY, '--public-url', '127.0.0.1']],
    ['gone is not there', ['plugin', 'check', 'gone']],
    ['the recording / cannot be written: it is a folder', ['call', NOBODY, '--record', '/']],
    ['"nonsense" is not installed', ['fetch', 'nonsense']],
  ])('%s', async (message, argv) => {
    const { code, err } = await kav(...argv)
    expect(err).toContain(message)
    expect(code).toBe(2)
  })
})

describe('help', () => {
  it.each([
    ['kav serve', ['help', 'serve']],
    ['kav plugin new', ['help', 'plugin', 'new']],
    ['kav plugin new', ['plugin', 'help', 'new']],
    ['kav calls show', ['calls', 'show', '--help']],
    ['kav', ['help']],
    ['kav', ['--help']],
  ])('on %s is had by %j', async (name, argv) => {
    const { code, out } = await kav(...argv)
    expect(code).toBe(0)
    expect(out).toContain(`Usage: ${name} [`)
  })

  it.each([
    ['serv', ['help', 'serv']],
    ['serv', ['serv', '--help']],
    ['nwe', ['help', 'plugin', 'nwe']],
    ['nwe', ['plugin', 'nwe', '--help']],
  ])('on a command that there is not (%s) says so', async (name, argv) => {
    const { code, out, err } = await kav(...argv)
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain(`unknown command '${name}'`)
  })

  it('names each kind of plugin that can be begun', async () => {
    const { out } = await kav('plugin', 'new', '--help')
    for (const kind of TEMPLATE_KINDS) expect(out).toContain(kind)
  })
})

it('says that the folder is gone in which it was started, whatever was asked for but help', async () => {
  vi.spyOn(process, 'cwd').mockImplementation(() => {
    throw Object.assign(new Error('ENOENT: no such file or directory, uv_cwd'), { code: 'ENOENT' })
  })
  for (const argv of [['plugins'], ['init'], ['calls'], ['plugin', 'new', 'my-stt', '--kind', 'stt']]) {
    const { code, err } = await kav(...argv)
    expect([code, err]).toEqual([2, expect.stringContaining('the folder that this was started in is gone')])
  }
  expect((await kav('--help')).code).toBe(0)
})
