import { localDenoise } from './denoise/index.ts'
import { localLlm } from './llm/index.ts'
import { localStt } from './stt/index.ts'
import { localTts } from './tts/index.ts'
import { localVad } from './vad/index.ts'

export { localDenoise, localLlm, localStt, localTts, localVad }
export default [localStt, localTts, localLlm, localVad, localDenoise]
