import type { HttpAnswer } from "./client"
import { hasFormat, incompleteAnswer, requireFormat } from "./format"

/**
 * The answer's JSON, after a look at its content type: a login page, a gateway's error page or half
 * an answer is never taken for data.
 * @throws SyncError `html_answer`, `empty_answer` or `truncated_answer`, all transient
 */
export const readJson = (answer: HttpAnswer, tried: string): unknown => {
  requireFormat(answer, tried, "JSON")
  try {
    return parseLenient(answer.text)
  } catch {
    throw incompleteAnswer(answer, tried, "JSON")
  }
}

export const isJson = (answer: HttpAnswer): boolean => hasFormat(answer, "JSON")

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g

/**
 * JSON as Python writes it: `NaN` and `Infinity` stand bare. They become text, so that the one record
 * that holds them is refused at the door and the page survives.
 */
export const parseLenient = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!/\bNaN\b|\bInfinity\b/.test(text)) throw error
    return JSON.parse(text.replace(TOKEN, (token) => (token[0] === '"' ? token : `"${token}"`)))
  }
}
