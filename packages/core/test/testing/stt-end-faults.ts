import { setTimeout as sleep } from 'node:timers/promises'
import { type SttProvider, type SttSession } from '../../src/index.ts'
import { sttContract, type SttContractOptions } from '../../src/testing/index.ts'
import type { Breaks } from './promise-table.ts'
import { expectFailure } from './suite-failures.ts'
import { withSession } from './word-recogniser.ts'
import { fails, wholeSttOptions } from './whole-stt.ts'

/** Faults of the end that the far side tells. */
export function breaksFinish(breaks: Breaks<'stt'>): void {
  const byTheFarSide = 'the far side ends a session'
  breaks('finish-ends', 'an end that comes by a deadline', () => {
    const options = wholeSttOptions()
    const counting: SttContractOptions = {
      ...options,
      create(context) {
        const end = () => context.metrics.count('acme_stt_finish_timeouts_total')
        const provider = options.create(context) as SttProvider
        return withSession((session) => ({ finish: () => (end(), session.finish()) }))(provider)
      },
    }
    return expectFailure(sttContract(counting), byTheFarSide, /_finish_timeouts_total has counted 1/)
  })
  breaks('finish-ends', 'an end that comes late', () =>
    expectFailure(
      sttContract({
        ...wholeSttOptions(
          withSession((session) => ({ finish: () => void setTimeout(session.finish, 600) })),
        ),
        stepTimeoutMs: 5000,
      }),
      byTheFarSide,
      /events to end soon after finish, as the far side answers at once, within 250 ms/,
    ),
  )
}

/** Faults that show when the far end is silent or breaks off. */
export function breaksFarEnds(breaks: Breaks<'stt'>): void {
  breaks('stalled', 'an abort of the opening that waits for the far end', () =>
    fails(
      (provider) => ({
        ...provider,
        openSession: (options) => provider.openSession({ ...options, signal: new AbortController().signal }),
      }),
      'an abort needs no answer',
      /openSession to settle after an abort/,
    ),
  )
  breaks('stalled', 'a close that waits for the last final', () =>
    fails(
      withSession((session) => {
        let ended = false
        return {
          events: (async function* () {
            yield* session.events
            ended = true
          })(),
          async close() {
            while (!ended) await sleep(5)
            return session.close()
          },
        }
      }),
      'close needs no answer',
      /close to resolve/,
    ),
  )
  breaks('cut', 'a session that ends quietly when it is cut', () =>
    fails(withSession(endsQuietly), 'a session that is cut', /a throw when a session is cut/),
  )
  breaks('abort-open', 'an abort that is told as an error of its own', () =>
    fails(
      (provider) => ({
        ...provider,
        async openSession(options) {
          const session = await provider.openSession(options)
          const aborted = new Promise<never>((_resolve, reject) =>
            options.signal.addEventListener('abort', () => reject(new TypeError('terminated'))),
          )
          aborted.catch(() => undefined)
          return {
            ...session,
            events: { [Symbol.asyncIterator]: () => ({ next: () => aborted }) },
            finish: () => {},
          }
        },
      }),
      'an abort of an open session',
      /it was TypeError: terminated/,
    ),
  )
}

function endsQuietly(session: SttSession): Partial<SttSession> {
  return {
    events: (async function* () {
      try {
        yield* session.events
      } catch {
        // What a recogniser does that takes a closed socket for the end.
      }
    })(),
  }
}
