export { escapeSsml } from './escape-ssml.ts'
export { type Replacements } from './replacements.ts'
export { type UrlSpeech } from './web-addresses.ts'
export { prepareForSpeech, type SpeechTextOptions } from './prepare-for-speech.ts'
