import { MULAW_8K, type SttProvider } from '../../src/index.ts'
import { sttContract } from '../../src/testing/index.ts'
import type { Breaks } from './promise-table.ts'
import { expectFailure } from './suite-failures.ts'
import { fails, wholeSttOptions } from './whole-stt.ts'

/** Whatever is written, the far side is told that it is mu-law. */
const asMulaw = (provider: SttProvider): SttProvider => ({
  ...provider,
  openSession: (options) => provider.openSession({ ...options, format: MULAW_8K }),
})

/** Faults of what goes with the audio. */
export function breaksFormats(breaks: Breaks<'stt'>): void {
  breaks('hints', 'a request that is told what the session before expected', () => {
    let last: readonly string[] = []
    const forgetsNothing = (provider: SttProvider): SttProvider => ({
      ...provider,
      openSession(options) {
        last = options.hints
        return provider.openSession(options)
      },
      recognize: (audio, options) => provider.recognize!(audio, { ...options, hints: last }),
    })
    return fails(forgetsNothing, 'what recognize is told', /the hints of this request alone/)
  })
  breaks('each-format', 'linear audio that is sent as mu-law', () =>
    fails(
      asMulaw,
      'speech is heard in every format',
      /finals that match .* for known speech in linear16\/8000/,
    ),
  )
  breaks('each-format', 'a format that is told wrongly to a far side that does not listen', () => {
    const { speechIn: _, ...deaf } = wholeSttOptions(asMulaw)
    return expectFailure(
      sttContract(deaf),
      'speech is heard in every format',
      /to be told of linear16\/8000; it was told mulaw\/8000/,
    )
  })
  breaks('each-format', 'linear audio of which every other sample is left out, unsaid', () => {
    const { speechIn: _, ...deaf } = wholeSttOptions((provider) => ({
      ...provider,
      async openSession(options) {
        const session = await provider.openSession(options)
        if (options.format.encoding !== 'linear16') return session
        return { ...session, write: (audio) => session.write(audio.filter((_byte, at) => at % 4 < 2)) }
      },
    }))
    return expectFailure(
      sttContract(deaf),
      'speech is heard in every format',
      /960 ms written in linear16\/8000 to arrive as such; 480 ms of linear16\/8000 arrived/,
    )
  })
}
