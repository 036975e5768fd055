/**
 * What is a secret by its looks, wherever it stands. Each expression is linear in the text: a class repeated once, with
 * no choice of where it ends. Forms of the services Kav speaks to, and of the commonest others.
 */
const SHAPES: readonly RegExp[] = [
  // A key file's body, also where JSON or the log has written its line ends as \n, also when its end was cut off.
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[\w+/=\s-]|\\[nr])*/g,
  // base64 of a JSON map (`{"` with or without a line end behind the bracket), long enough to be a key file.
  /(?<![\w+/-])e(?:yJ|yA|w0K|woJ|wog|yAg)[\w+/=-]{80,}/g,
  // JSON Web Tokens.
  /(?<![\w-])ey[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  // OpenAI, Stripe, Anthropic, Groq, xAI, Hugging Face, Slack, GitHub, GitLab, Perplexity, Google, AWS.
  /(?<![A-Za-z0-9])(?:sk|pk|rk|gsk|xai|hf|pplx|xox[abeprs]|gh[opsur]|github_pat|glpat)[-_][\w-]{12,}/g,
  /(?<!\w)(?:AIza[\w-]{20,}|ya29\.[\w.-]{20,}|1\/\/[\w-]{30,}|(?:AKIA|ASIA)[A-Z0-9]{16})/g,
  // user:password@ of a URL.
  /(?<=:\/\/)[^\s/@:"'\\]{0,256}:[^\s/@"'\\]{1,256}(?=@)/g,
  // What stands behind the word in a header or a query.
  /(?<=\b(?:Bearer|Basic|Token)\s)[\w+/=.~-]{8,}/gi,
  /(?<=[?&](?:key|api[-_]?key|token|access_token|auth|authorization|sig|signature|secret|password)=)[^&\s"'\\]{4,}/gi,
]

/** Whether a text as a whole, or a part of it, looks like a secret. */
export function looksSecret(text: string): boolean {
  return SHAPES.some((shape) => text.search(shape) !== -1)
}

/** What in a text looks like a secret: of an address with a password, both without the address. */
export function secretParts(text: string): readonly string[] {
  return SHAPES.flatMap((shape) => text.match(shape) ?? [])
}

/** Every shape has one of these in it, and hardly a text has: one look in place of eight. */
const HINT =
  /-----BEGIN|e[yw][\w+/=-]{8}|[-_][\w-]{12}|AIza|ya29|1\/\/|A[KS]IA|:\/\/|(?:bearer|basic|token)\s|[?&][\w-]{3,13}=/i

/** The text without what looks like a secret. */
export function hideShapes(text: string): string {
  if (!HINT.test(text)) return text
  return SHAPES.reduce((hidden, shape) => hidden.replace(shape, '(hidden)'), text)
}
