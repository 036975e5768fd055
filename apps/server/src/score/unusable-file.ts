/** A file that a command was given cannot be used; the message names it and says why. Exit code 2. */
export class UnusableFile extends Error {
  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`${file}: ${why}`, options)
    this.name = 'UnusableFile'
  }
}
