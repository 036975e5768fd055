import { localStt } from './stt/index.ts'
import { localTts } from './tts/index.ts'
import { localVad } from './vad/index.ts'

export { localStt, localTts, localVad }
export default [localStt, localTts, localVad]
