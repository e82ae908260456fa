import { syncOf } from "../../../../runtime"
import { explained } from "../answers"
import { CreateLink } from "../two-way-validators"

/**
 * Ties a record of the ERP to one of the store; 409 where one of them is linked already, 404 where one
 * does not exist. Nothing is agreed on yet: the rules of the first link apply.
 */
export const POST = explained<CreateLink>(async (req, res) => {
  res.status(201).json({ link: await (await syncOf(req.scope)).link(req.validatedBody) })
})
