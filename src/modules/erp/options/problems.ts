import type { z } from "@medusajs/framework/zod"
import { display, formatPath } from "./display"

export type Path = readonly PropertyKey[]

/** One thing that is wrong with the options. */
export interface Problem {
  path: Path
  /** What was expected there, in words that follow "expected". */
  expected: string
}

/** The issues of a schema as problems; each unknown key is one. */
export const problemsOf = (issues: readonly z.core.$ZodIssue[], prefix: Path = []): Problem[] =>
  issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path]
    if (issue.code !== "unrecognized_keys") return [{ path, expected: sentence(issue.message) }]
    const known = issue.message.split(" ")
    return issue.keys.map((key) => ({ path: [...path, key], expected: noSuchKey(key, known) }))
  })

/** What to say of a key that is not there, with the one that was probably meant. */
export const noSuchKey = (key: string, known: string[]): string => {
  const meant = closest(key, known)
  const hint = meant === null ? `one of ${known.join(", ")}` : `"${meant}"`
  return `no option of this name, but ${hint}`
}

/** One problem a place: a connector's own schema may find again what ours found. */
export const firstOfEach = (problems: Problem[]): Problem[] =>
  [
    ...new Map(
      [...problems].reverse().map((problem) => [formatPath(problem.path), problem]),
    ).values(),
  ].reverse()

/** One line for each problem: path, value, expectation. */
export const describe = (problems: Problem[], options: unknown): string =>
  [
    "The options of medusa-plugin-erp-sync are not valid:",
    ...problems.map(
      ({ path, expected }) =>
        `  ${formatPath(path)}: got ${display(path, valueAt(options, path))}, expected ${expected}`,
    ),
  ].join("\n")

/** The known key that is a slip of the given one, null when none is near. */
export const closest = (key: string, known: string[]): string | null => {
  const near = known
    .map((candidate) => ({ candidate, distance: editDistance(key.toLowerCase(), candidate) }))
    .sort((a, b) => a.distance - b.distance)[0]
  if (!near) return null
  return near.distance <= Math.max(1, Math.floor(near.candidate.length / 3)) ? near.candidate : null
}

/** Zod's own words, where a schema of a connector has none. */
const sentence = (message: string): string =>
  message.replace(/^Invalid (input|option): /, "").replace(/^expected /, "")

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    value,
  )

const editDistance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [row, char] of [...a].entries()) {
    const current = [row + 1]
    for (const [column, other] of [...b].entries()) {
      current.push(
        Math.min(
          (previous[column + 1] ?? 0) + 1,
          (current[column] ?? 0) + 1,
          (previous[column] ?? 0) + (char === other ? 0 : 1),
        ),
      )
    }
    previous = current
  }
  return previous[b.length] ?? 0
}
