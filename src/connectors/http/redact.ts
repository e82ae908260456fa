const MASK = "***"

export type Redact = (text: string) => string

/**
 * Makes a function that blanks out secrets in any text meant for a person, an error or a log: the
 * given ones in plain, percent-encoded, base64 and JSON-escaped form, `Authorization` values and the
 * user part of addresses.
 */
export const createRedactor = (secrets: readonly (string | undefined)[]): Redact => {
  const literals = [...new Set(secrets.flatMap(formsOf))]
    // The longest first, so that a secret that contains another is blanked as a whole.
    .sort((a, b) => b.length - a.length)
  return (text) => PATTERNS.reduce(blank, literals.reduce(blankLiteral, text))
}

const formsOf = (secret: string | undefined): string[] =>
  secret
    ? [
        secret,
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
        Buffer.from(secret).toString("base64"),
      ]
    : []

const blankLiteral = (text: string, secret: string): string => text.split(secret).join(MASK)

const PATTERNS: readonly [RegExp, string][] = [
  [/(\/\/)[^/\s:@]+(?::[^/\s@]*)?@/g, `$1${MASK}@`],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${MASK}`],
  [/\b(api[_-]?key|password|authorization)(["']?\s*[:=]\s*["']?)[^\s"',;}]+/gi, `$1$2${MASK}`],
]

const blank = (text: string, [pattern, replacement]: readonly [RegExp, string]): string =>
  text.replace(pattern, replacement)
