import { SyncError } from "../../sync/errors"
import type { HttpAnswer } from "./client"

/**
 * The answer's JSON, after a look at its content type: a login page, a gateway's error page or half
 * an answer is never taken for data.
 * @throws SyncError `html_answer`, `empty_answer` or `truncated_answer`, all transient
 */
export const readJson = (answer: HttpAnswer, tried: string): unknown => {
  if (answer.text.trim() === "") {
    throw unreadable("empty_answer", `${tried}: the answer is empty.`, "It is tried again.")
  }
  if (!isJson(answer)) {
    throw unreadable(
      "html_answer",
      `${tried}: status ${answer.status} with ${answer.content_type || "no content type"} instead of JSON.`,
      "Check that the connection's `url` leads to the ERP itself: login, maintenance and proxy pages answer like this.",
    )
  }
  try {
    return parseLenient(answer.text)
  } catch {
    throw unreadable(
      "truncated_answer",
      `${tried}: the answer is not complete JSON (${answer.text.length} characters).`,
      "It is tried again. If it lasts, a proxy cuts answers: raise its limits or lower the page size.",
    )
  }
}

export const isJson = (answer: HttpAnswer): boolean => /\bjson\b/i.test(answer.content_type)

const unreadable = (code: string, message: string, remedy: string): SyncError =>
  new SyncError({ kind: "transient", code, message, remedy })

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
