import type { SpokenRule } from '../../rules/spoken-rule.ts'

/** Words that are written in capitals to be loud: some voices spell them. No short form is among them. */
const LOUD = new Set(
  `NOT NEVER ALWAYS MUST ONLY VERY IMPORTANT PLEASE NOTE WARNING CAUTION ATTENTION STOP NOW FREE ALL NONE BOTH EVERY
  BEFORE AFTER DO DONT CANNOT URGENT REALLY THANK YOU AND BUT THE THIS THAT YOUR ARE WILL WITH FROM HELLO WELCOME YES
  SORRY CLOSED OPEN TODAY TOMORROW HERE THERE EXTREMELY ABSOLUTELY`.split(/\s+/u),
)

const loud: SpokenRule = {
  pattern: /(?<![\p{L}\p{N}_.@&'’/-])(?<word>\p{Lu}{2,12})(?![\p{L}\p{N}_@&'’/-]|\.\p{L})/gu,
  say({ word }, { before }) {
    if (!LOUD.has(word!)) return undefined
    const first = /(?:^|[.!?:]["”’)]*\s)$/u.test(before)
    return first ? word![0]! + word!.slice(1).toLowerCase() : word!.toLowerCase()
  },
}

export const CAPITALS = [loud]
