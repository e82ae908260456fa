import { syncOf } from "../../../../../../runtime"
import { explained } from "../../../answers"

/**
 * Puts the value back that this entry replaced, as an edit in the store: of a product its title,
 * description and categories, of a variant its title, SKU, barcode, weight and prices, of a category its
 * name. What the ERP lost travels there from the store. Answers what was done, or why nothing was.
 */
export const POST = explained(async (req, res) => {
  const { id = "" } = req.params
  res.json(await (await syncOf(req.scope)).restore(id))
})
