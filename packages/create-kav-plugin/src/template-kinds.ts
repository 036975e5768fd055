/** What can be begun: one folder of `templates` each. */
export const TEMPLATE_KINDS = [
  'stt',
  'llm',
  'tts',
  'vad',
  'turn',
  'denoise',
  'tool',
  'transport',
  'realtime',
] as const
export type TemplateKind = (typeof TEMPLATE_KINDS)[number]

export const LANGUAGES = ['js', 'ts'] as const
export type Language = (typeof LANGUAGES)[number]

/** The kinds that speak to a service, and where its double listens, so that those of a whole pipeline can run at once. */
export const DOUBLE_PORTS: Readonly<Partial<Record<TemplateKind, number>>> = {
  stt: 8711,
  llm: 8712,
  tts: 8713,
  realtime: 8714,
  tool: 8715,
}
