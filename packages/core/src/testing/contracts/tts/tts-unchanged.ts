import { type AudioFormat, formatName, type TtsProvider } from '../../../contracts/index.ts'
import { expect, type ContractCase } from '../common/contract-case.ts'
import { expectFormat } from '../common/told-options.ts'
import type { TtsBench } from './tts-bench.ts'
import { SPEAK, SPEAK_REPLY, type TtsWay } from './tts-ways.ts'

/** That what is heard is what the far end has said, and in the format that was asked for. */
export function unchangedAudio(bench: TtsBench): ContractCase[] {
  const { options, text, longText, speak, onWay } = bench
  const { sent, sentReply, receivedOptions } = options

  async function givesOn(
    provider: TtsProvider,
    way: TtsWay,
    { sentBy, what }: { readonly sentBy: NonNullable<typeof sent>; readonly what: string },
  ): Promise<void> {
    for (const format of provider.produces) {
      const { audio } = await speak(provider, format, what, way)
      await expectSent(audio, await sentBy(), format)
      // A double that sends one format is converted from by the voice itself, perhaps.
      if (receivedOptions !== undefined) expectFormat(await receivedOptions(), format)
    }
  }

  const proves = receivedOptions === undefined ? 'unchanged' : (['unchanged', 'asked-format'] as const)
  const name = 'what is spoken is what the far end has sent, byte for byte'
  return [
    ...(sent === undefined
      ? []
      : [onWay(SPEAK, proves, name, (provider) => givesOn(provider, SPEAK, { sentBy: sent, what: text }))]),
    ...(sentReply === undefined
      ? []
      : [
          onWay(SPEAK_REPLY, proves, name, (provider) =>
            givesOn(provider, SPEAK_REPLY, { sentBy: sentReply, what: longText }),
          ),
        ]),
  ]
}

async function expectSent(audio: Uint8Array, sent: Uint8Array, format: AudioFormat): Promise<void> {
  const told = `${audio.byteLength} bytes of ${formatName(format)} were given and ${sent.byteLength} sent`
  expect(Buffer.from(audio).equals(sent), 'the audio that the far end has sent', told)
}
