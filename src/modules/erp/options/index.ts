export { parseDuration } from "./duration"
export { parseOptions } from "./parse"
export type * from "./types"
