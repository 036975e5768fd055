import { ProviderError, type TurnQuestion } from '@kav/core'
import { createFakeClock, testContext } from '@kav/core/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSmartTurnProvider, type SmartTurnProvider } from '../src/provider.ts'

// A machine busy with other tests starts workers slowly.
vi.setConfig({ testTimeout: 60_000 })

const workerUrl = new URL('./faulty-worker.mjs', import.meta.url)
const opened: SmartTurnProvider[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((provider) => provider.close()))
})

type Behaviour = 'dies' | 'hangs' | 'answers' | 'odd' | 'unloadable'

function open(behaviour: Behaviour, context = testContext()): SmartTurnProvider {
  const provider = createSmartTurnProvider(
    { path: behaviour, threshold: 0.5, threads: 1, workerUrl },
    context,
  )
  opened.push(provider)
  return provider
}

/** One caller whose sound is this sample, `length` times. */
function caller(sample: number, length = 4): TurnQuestion {
  return { audio: new Int16Array(length).fill(sample), text: '', asked: '', language: 'en' }
}

async function judge(provider: SmartTurnProvider, ...questions: TurnQuestion[]): Promise<number[]> {
  const probabilities = new Float32Array(questions.length)
  await provider.judge(questions, probabilities)
  return [...probabilities].map((probability) => Math.round(probability * 1000))
}

describe('the media thread', () => {
  it('hands over the last 8 s of each caller, in order', async () => {
    const provider = open('answers')
    const long = { ...caller(7), audio: new Int16Array(128_010).fill(7) }
    long.audio.fill(1, 0, 10)
    expect(await judge(provider, caller(300), long, caller(500, 1))).toEqual([300, 7, 500])
  })

  it('refuses what the contract forbids', async () => {
    const provider = open('hangs')
    await expect(provider.judge([caller(1), caller(2)], new Float32Array(1))).rejects.toThrow(
      '2 questions need as many places, there are 1',
    )
    const underWay = provider.judge([caller(1)], new Float32Array(1))
    await expect(provider.judge([caller(2)], new Float32Array(1))).rejects.toThrow('batch in flight')
    await Promise.all([expect(underWay).rejects.toMatchObject({ class: 'cancelled' }), provider.close()])
    await expect(judge(provider, caller(1))).rejects.toThrow(ProviderError)
    await expect(provider.warm()).rejects.toThrow('The turn detector is closed')
  })
})

describe('the worker', () => {
  it('fails the question it dies in, is counted, and is started again after a pause that grows', async () => {
    const { clock, advance } = createFakeClock()
    const context = testContext({ clock })
    const provider = open('dies', context)
    const deaths = () => context.metrics.value('turn_worker_deaths_total')
    await expect(judge(provider, caller(1))).rejects.toMatchObject({
      class: 'network',
      message: 'The turn worker died: out of memory',
    })
    expect(deaths()).toBe(1)
    await expect(judge(provider, caller(1))).rejects.toThrow('out of memory')
    await expect(provider.warm()).rejects.toThrow('out of memory')
    expect(deaths()).toBe(1)
    await advance(500)
    await expect(judge(provider, caller(1))).rejects.toThrow('out of memory')
    expect(deaths()).toBe(2)
    await advance(500)
    await expect(judge(provider, caller(1))).rejects.toThrow('out of memory')
    expect(deaths()).toBe(2)
  })

  it('that cannot load its model says why, and is tried again later', async () => {
    const { clock, advance } = createFakeClock()
    const context = testContext({ clock })
    const provider = open('unloadable', context)
    const refused = { class: 'bad-request', message: 'Smart Turn cannot load unloadable: it is a picture' }
    await expect(provider.warm()).rejects.toMatchObject(refused)
    await expect(judge(provider, caller(1))).rejects.toMatchObject(refused)
    expect(context.metrics.value('turn_worker_deaths_total')).toBe(1)
    await advance(500)
    await expect(judge(provider, caller(1))).rejects.toMatchObject(refused)
    expect(context.metrics.value('turn_worker_deaths_total')).toBe(2)
  })

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'that sends an odd message fails its question and is one that died (%i)',
    async (which) => {
      const context = testContext()
      await expect(judge(open('odd', context), caller(which))).rejects.toThrow(
        /@kav\/plugin-smart-turn: the turn worker sent an odd message/,
      )
      expect(context.metrics.value('turn_worker_odd_replies_total')).toBe(1)
      expect(context.metrics.value('turn_worker_deaths_total')).toBe(1)
    },
  )

  it('is one for all pipelines with the same model, and ends with the last of them', async () => {
    const context = testContext()
    const [first, second] = [open('answers', context), open('answers', context)]
    const both = await Promise.all([judge(first, caller(100)), judge(second, caller(200))])
    expect(both).toEqual([[100], [200]])
    await first.close()
    await first.close()
    expect(await judge(second, caller(300))).toEqual([300])
    await second.close()
    expect(await judge(open('answers', context), caller(400))).toEqual([400])
  })

  it('leaves nobody waiting behind more than it can do, and counts who is refused', async () => {
    const context = testContext()
    const questions = Array.from({ length: 20 }, () => caller(1))
    const providers = [open('hangs', context), open('hangs', context), open('hangs', context)]
    const alone = providers[0]!.judge([...questions, ...questions], new Float32Array(40))
    alone.catch(() => {})
    await expect(providers[1]!.judge(questions, new Float32Array(20))).rejects.toMatchObject({
      class: 'quota',
      message: 'The turn detector is 40 questions behind',
    })
    expect(context.metrics.value('turn_questions_refused_total')).toBe(20)
  })
})
