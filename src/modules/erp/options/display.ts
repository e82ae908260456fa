import type { Path } from "./problems"

const MAX = 80
const MASK = "***"

/** Names under which secrets are kept, also where they do not belong. */
const SECRET = /pass|pwd|secret|token|key|credential|cert|auth|proxy|login/i

/** Whether what stands under this name may be a secret. */
export const isSecretName = (name: string): boolean => SECRET.test(name)

/** `connections[0].fields.title` */
export const formatPath = (path: Path): string =>
  path.length === 0
    ? "options"
    : path.reduce<string>((text, key) => {
        if (typeof key === "number") return `${text}[${key}]`
        return text === "" ? String(key) : `${text}.${String(key)}`
      }, "")

/** A value for an error message: short, and without secrets. */
export const display = (path: Path, value: unknown): string => {
  if (value === undefined) return "nothing"
  if (path.some((key) => typeof key === "string" && isSecretName(key))) return MASK
  const text = JSON.stringify(value, mask) ?? typeof value
  return text.length > MAX ? `${text.slice(0, MAX - 1)}…` : text
}

const mask = (key: string, value: unknown): unknown => {
  if (isSecretName(key)) return MASK
  if (typeof value === "function") return "(function)"
  // User information of an address.
  return typeof value === "string" ? value.replace(/\/\/[^/@\s]*@/g, `//${MASK}@`) : value
}
