import { Binding } from "./sql"

/** A `where` of equal columns; what is undefined does not narrow. */
export const equalities = (
  columns: Record<string, string | null | undefined>,
): { where: string; bindings: Binding[] } => {
  const given = Object.entries(columns).filter(
    (entry): entry is [string, string | null] => entry[1] !== undefined,
  )
  return {
    where: ["true", ...given.map(([column]) => `${column} = ?`)].join(" and "),
    bindings: given.map(([, value]) => value),
  }
}
