/** Phrases between commas; of two commas in a row, nothing. */
export const phrases = (text) =>
  text
    .trim()
    .split(/\s*[,\n]\s*/u)
    .filter((phrase) => phrase !== '')
