import { SyncError } from "../../sync/errors"
import type { HttpAnswer } from "./client"

/** What ERPs answer in, by the content type that says so. */
const TYPES = { JSON: /\bjson\b/i, XML: /^(text|application)\/xml\b/i } as const

export type Format = keyof typeof TYPES

export const hasFormat = ({ content_type: type }: HttpAnswer, format: Format): boolean =>
  TYPES[format].test(type)

/**
 * A login page, a gateway's error page or nothing at all is never taken for data.
 * @throws SyncError `html_answer` or `empty_answer`, both transient
 */
export const requireFormat = (answer: HttpAnswer, tried: string, format: Format): void => {
  if (answer.text.trim() === "") {
    throw unreadable("empty_answer", `${tried}: the answer is empty.`, "It is tried again.")
  }
  if (!hasFormat(answer, format)) {
    throw unreadable(
      "html_answer",
      `${tried}: status ${answer.status} with ${answer.content_type || "no content type"} instead of ${format}.`,
      "Check that the connection's `url` leads to the ERP itself: login, maintenance and proxy pages answer like this.",
    )
  }
}

/** The error of an answer that ends in the middle. */
export const incompleteAnswer = (answer: HttpAnswer, tried: string, format: Format): SyncError =>
  unreadable(
    "truncated_answer",
    `${tried}: the answer is not complete ${format} (${answer.text.length} characters).`,
    "It is tried again. If it lasts, a proxy cuts answers: raise its limits or lower the page size.",
  )

const unreadable = (code: string, message: string, remedy: string): SyncError =>
  new SyncError({ kind: "transient", code, message, remedy })
