/** Paths that the plugin adds to `base_url` by itself, at its end. */
export const OWN_PATHS =
  /\/(?:chat\/completions|completions|responses|models|realtime|audio\/(?:speech|transcriptions))$/
