import { localStt } from './stt/index.ts'
import { localVad } from './vad/index.ts'

export { localStt, localVad }
export default [localStt, localVad]
