/** Each implementation numbers by itself, and one answers with more than the contract names. */
const OWN: ReadonlySet<string> = new Set([
  ...["id", "seq", "stock_seq", "generation", "connection_id", "price_set_id"],
  ...["owner", "lease_until", "order", "agreed_at", "run_id", "group_id", "link_id"],
])

/** Of any answer, what has to be the same on both sides, as text. */
export const comparable = (answer: unknown): string => JSON.stringify(plain(answer), null, 1) ?? ""

const plain = (value: unknown): unknown => {
  if (value instanceof Map) {
    return plain(Object.fromEntries(value))
  }
  if (value instanceof Set) {
    return plain([...value])
  }
  if (Array.isArray(value)) {
    return value.map(plain)
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, part]) => !OWN.has(name) && part !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, part]) => [name, plain(part)]),
    )
  }
  return value
}
