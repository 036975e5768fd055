/** What was asked for makes no sense as it stands, and says what to write: a command ends with 2. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}
