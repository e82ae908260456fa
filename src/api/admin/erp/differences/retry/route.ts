import { syncOf } from "../../../../../runtime"
import { explained } from "../../answers"
import { RetryDifferences } from "../../two-way-validators"

/**
 * Looks at fields again that stand open; what the ERP refused is sent once more. Answers how many records
 * that are.
 *
 * @example
 * { "ids": [{ "link_id": "elnk_01", "field": "barcode" }] }
 */
export const POST = explained<RetryDifferences>(async (req, res) => {
  res.json({ retried: await (await syncOf(req.scope)).retry(req.validatedBody.ids) })
})
