/** The ISO 639-1 code the API wants (`he`) for a tag of a pipeline (`he-IL`, or Google's old `iw-IL`). */
export function languageCode(tag: string | undefined): string | undefined {
  const code = tag?.split(/[-_]/)[0]?.toLowerCase()
  return code === '' ? undefined : code === 'iw' ? 'he' : code
}
